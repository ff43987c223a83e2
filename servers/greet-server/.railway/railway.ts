// Written by pnpm generate. Do not edit.
import { defineRailway, image, project, service } from "railway/iac";

export default defineRailway(() => {
  const server = service("greet-server", {
    source: image("ghcr.io/flotilla-mcp/greet-server:0.1.0"),
    healthcheck: "/ready",
    replicas: 1,
    deploy: {"restartPolicyType":"ON_FAILURE","restartPolicyMaxRetries":10},
    env: {
      PORT: "3007",
      ENVIRONMENT: "production",
    },
  });
  return project("greet-server", { resources: [server] });
});
