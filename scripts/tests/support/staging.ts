import type { DeploymentConfig } from "../../lib/deploy/config-schema.ts";

/** An environment that servers are deployed to. */
export const staging: DeploymentConfig["environments"][string] = {
  target: "kubernetes",
  registry: "example.com/team",
  region: "here",
  profile: "staging",
};
