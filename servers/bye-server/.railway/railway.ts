// Written by pnpm generate. Do not edit.
import { defineRailway, image, project, service } from "railway/iac";

export default defineRailway(() => {
  const server = service("bye-server", {
    source: image("ghcr.io/flotilla-mcp/bye-server:0.1.0"),
    healthcheck: "/ready",
    replicas: 1,
    deploy: {"restartPolicyType":"ON_FAILURE","restartPolicyMaxRetries":10},
    env: {
      PORT: "3002",
      ENVIRONMENT: "production",
    },
  });
  return project("bye-server", { resources: [server] });
});
