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
import { watchSettings } from "./reload.ts";
import { chooseSettings, settingsFile } from "./settings/choose.ts";
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
  const host = chooseHost(line, values, detectPlatform(env));
  const file = line.config ?? values.GATEWAY_CONFIG;
  const read = () => chooseSettings({ file, root, servers }, env);
  const settings = read();
  const log = createLog({ level: values.LOG_LEVEL, secrets, fields: { server: manifest.name } });
  // whoever reads the lines may leave; the gateway goes on
  process.stdout.on("error", () => {});
  const print = (text: string) => void process.stdout.write(text);
  const own = settings.publicUrl === undefined ? [] : [new URL(settings.publicUrl)];
  const gateway = await startGateway({
    manifest,
    settings,
    env,
    log,
    host,
    port: line.port ?? values.PORT ?? manifest.flotilla.port,
    policy: accessPolicy(
      host,
      [...values.ALLOWED_HOSTS, ...(values.ALLOWED_HOSTS.length > 0 ? own.map(hostOf) : [])],
      [...values.ALLOWED_ORIGINS, ...own.map(originOf)],
    ),
    print,
  });
  // a person reads the lines above; programs that started it read this one
  if (!process.stdout.isTTY)
    log.info("listening", { url: `${gateway.url}/mcp`, mounts: settings.mounts.length });
  const stopWatching = watchSettings({
    file: settingsFile({ file, root }),
    read,
    apply: gateway.apply,
    print,
    log,
  });
  const shutdown = onShutdown(async () => {
    stopWatching();
    await gateway.close();
  }, log);
  watchCrashes(log, () => void shutdown.stop("a crash that is no mount's", 1));
}

const hostOf = ({ hostname }: URL) => hostname;
const originOf = ({ origin }: URL) => origin;
