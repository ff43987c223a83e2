import * as z from "zod";
import { oauthSettings } from "./oauth/settings.ts";

export const accessSettings = z
  .strictObject({
    keys: z
      .string()
      .min(1)
      .optional()
      .describe("File of API keys, from the folder of this file; gateway keys writes it"),
    deployment: z
      .string()
      .min(1)
      .optional()
      .describe("deployment-config.json, whose tiers say which servers a client has"),
    oauth: oauthSettings.optional().describe("Tokens of an OAuth 2.1 authorization server"),
  })
  .refine(({ keys, oauth }) => keys !== undefined || oauth !== undefined, {
    error: "needs keys or oauth",
  });

export type AccessSettings = z.output<typeof accessSettings>;
