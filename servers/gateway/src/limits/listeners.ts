import type { ShareOf } from "#shared/mcp/listeners.ts";
import { senderOf } from "../access/address.ts";
import { Caller } from "../access/caller.ts";
import type { LimitSettings } from "./settings.ts";

/** How many streams of changes each principal may have, or each address where nobody says who they are. */
export const shareOf =
  (limits: () => Pick<LimitSettings, "listeners"> | undefined): ShareOf =>
  (principal) => {
    const limit = limits()?.listeners;
    if (limit === undefined || !(principal instanceof Caller)) return undefined;
    const { identity, address } = principal;
    return { key: identity.kind === "anonymous" ? senderOf(address) : identity.id, limit };
  };
