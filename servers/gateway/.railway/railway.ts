// Written by pnpm generate. Do not edit.
import { defineRailway, image, project, service } from "railway/iac";

export default defineRailway(() => {
  const server = service("gateway", {
    source: image("ghcr.io/flotilla-mcp/gateway:0.1.0"),
    healthcheck: "/ready",
    replicas: 1,
    deploy: {"restartPolicyType":"ON_FAILURE","restartPolicyMaxRetries":10},
    env: {
      PORT: "8000",
      ENVIRONMENT: "production",
    },
  });
  return project("gateway", { resources: [server] });
});
