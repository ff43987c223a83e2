import * as z from "zod";
import { type ConfigOf, defineConfig, flag } from "#shared/core/config.ts";
import { makeVariables } from "#shared/make-api/config.ts";

export const config = defineConfig({
  ...makeVariables,
  MAKE_TLS_PRIVATE: {
    schema: flag().default(false),
    describe: "Let the certificate probes reach hosts of private networks",
  },
  MAKE_ALERT_URL_NAME: {
    schema: z.url({ protocol: /^https?$/, error: "expected an http or https address" }).optional(),
    describe: "Address that alert_send posts to; NAME is the target a call names",
    secret: true,
    family: true,
  },
});

export type AnalyticsConfig = ConfigOf<typeof config.variables>;
