import * as z from "zod";
import { type ConfigOf, defineConfig } from "#shared/core/config.ts";
import { makeVariables } from "#shared/make-api/config.ts";

const MAX_VALUE = 10_000;

export const config = defineConfig({
  ...makeVariables,
  MAKE_KEY_VALUE_NAME: {
    schema: z.string().min(1).max(MAX_VALUE).optional(),
    describe: "New value of a key for keys_rotate; NAME is what the call says",
    secret: true,
    family: true,
  },
});

export type CoreConfig = ConfigOf<typeof config.variables>;
