import { parseArgs } from "node:util";
import { StartError } from "#shared/core/lifecycle.ts";

export const USAGE = `Usage: gateway [options]

Puts many MCP servers behind one address.

  --config <file>          the gateway.json; else the one beside its package.json, else every server folder
  --host <address>         address to listen on (127.0.0.1, or HOST)
  --port <number>          port to listen on, 0 for any that is free (8000, or PORT)
  --allow-unauthenticated  listen beyond this machine although anybody may call every tool
  --help                   show this

Commands, each with --help:

  audit                    verifies the audit log
  keys                     adds, lists, rotates and revokes API keys
`;

export interface CommandLine {
  help: boolean;
  allowUnauthenticated: boolean;
  config?: string;
  host?: string;
  port?: number;
}

const MAX_PORT = 65_535;

/** Reads the command line. Throws a StartError that says what is wrong with it. */
export function parseCommandLine(argv: readonly string[]): CommandLine {
  const { values } = parse(argv);
  const { help = false, config, host, port } = values;
  if (port !== undefined && !(/^\d+$/.test(port) && Number(port) <= MAX_PORT))
    throw new StartError(`--port: "${port}" is no port: a whole number from 0 to ${MAX_PORT}`);
  return {
    help,
    allowUnauthenticated: values["allow-unauthenticated"] ?? false,
    ...(config !== undefined && { config }),
    ...(host !== undefined && { host }),
    ...(port !== undefined && { port: Number(port) }),
  };
}

function parse(argv: readonly string[]) {
  try {
    return parseArgs({
      args: [...argv],
      options: {
        help: { type: "boolean", short: "h" },
        "allow-unauthenticated": { type: "boolean" },
        config: { type: "string" },
        host: { type: "string" },
        port: { type: "string" },
      },
    });
  } catch (error) {
    const [reason = ""] = (error instanceof Error ? error.message : String(error)).split("\n", 1);
    throw new StartError(`${reason.replace(/\.$/, "")}. See --help.`);
  }
}
