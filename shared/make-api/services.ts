import type { ServiceValues } from "#shared/core/services.ts";
import { type MakeAccount, openAccount } from "./account.ts";

/** What every server on the Make API opens. */
export const services = {
  make: { open: openAccount, close: (account: MakeAccount) => account.close() },
};

export type MakeServices = ServiceValues<typeof services>;
