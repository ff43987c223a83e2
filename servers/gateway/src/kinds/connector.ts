import type { Log } from "#shared/core/contract.ts";
import type { Env } from "#shared/mcp/environment.ts";
import type { ClientFacts } from "../foreign/facts.ts";
import type { Connector } from "../mounts/mount.ts";
import type { MountSpec } from "../settings/spec.ts";
import { commandConnector } from "./command.ts";
import { packageConnector } from "./package.ts";
import { processConnector } from "./process.ts";
import { remoteConnector } from "./remote.ts";
import { workerConnector } from "./worker.ts";

export interface ConnectorOptions {
  env: Env;
  log: Log;
  /** Who the gateway is to servers that are not ours. */
  client: ClientFacts;
}

/** How the server of this entry is reached. */
export function connectorFor(spec: MountSpec, { env, log, client }: ConnectorOptions): Connector {
  switch (spec.kind) {
    case "package":
      if (spec.isolation === "worker") return workerConnector(spec, env, log);
      if (spec.isolation === "process") return processConnector(spec, env, log);
      return packageConnector(spec, env);
    case "command":
      return commandConnector(spec, env, log, client);
    case "remote":
      return remoteConnector(spec, log, client);
  }
}
