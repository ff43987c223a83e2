import * as z from "zod";
import { defineConfig, flag } from "#shared/core/config.ts";

export const config = defineConfig({
  GATEWAY_CONFIG: {
    schema: z.string().optional(),
    describe: "Path of the gateway.json. Absent: the one in the working directory, if there is one",
  },
  GATEWAY_ALLOW_UNAUTHENTICATED: {
    schema: flag().default(false),
    describe:
      "Listen beyond this machine although anybody who reaches the port may call every tool",
  },
});
