import { parseConfig } from "#shared/core/config.ts";
import { failStart, onShutdown } from "#shared/core/lifecycle.ts";
import { createLog } from "#shared/core/log.ts";
import { detectPlatform } from "#shared/core/platform.ts";
import { loadEnvironment } from "#shared/mcp/environment.ts";
import { accessPolicy } from "#shared/mcp/guards.ts";
import manifest from "../package.json" with { type: "json" };
import { chooseHost } from "./binding.ts";
import { config } from "./config.ts";
import { watchCrashes } from "./mounts/scope.ts";
import { type CommandLine, parseCommandLine, USAGE } from "./options.ts";
import { chooseMounts } from "./settings/choose.ts";
import { startGateway } from "./start.ts";

export interface RunOptions {
  /** The command line, without node and the script. */
  argv: readonly string[];
  /** The folder where a gateway.json is looked for when the command line names none. */
  root: string;
  /** Folders of the servers that are mounted when there is no gateway.json. */
  servers: readonly string[];
}

/**
 * Runs the gateway until the process is told to stop. What keeps it from starting is said on stderr,
 * and the process ends with 1.
 */
export async function runGateway(options: RunOptions): Promise<void> {
  try {
    const line = parseCommandLine(options.argv);
    if (line.help) process.stdout.write(USAGE);
    else await run(line, options);
  } catch (error) {
    failStart(error);
  }
}

async function run(line: CommandLine, { root, servers }: RunOptions): Promise<void> {
  const env = loadEnvironment();
  const { values, secrets } = parseConfig(config, env);
  const platform = detectPlatform(env);
  const host = chooseHost(line, values, platform);
  const specs = chooseMounts({ file: line.config ?? values.GATEWAY_CONFIG, root, servers }, env);
  const log = createLog({ level: values.LOG_LEVEL, secrets, fields: { server: manifest.name } });
  // whoever reads the lines may leave; the gateway goes on
  process.stdout.on("error", () => {});
  const gateway = await startGateway({
    manifest,
    specs,
    env,
    log,
    host,
    port: line.port ?? values.PORT ?? manifest.flotilla.port,
    policy: accessPolicy(host, values.ALLOWED_HOSTS, values.ALLOWED_ORIGINS),
    print: (text) => process.stdout.write(text),
  });
  const shutdown = onShutdown(gateway.close, log);
  watchCrashes(log, () => void shutdown.stop("a crash that is no mount's", 1));
}
