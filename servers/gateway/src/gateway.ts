import { resolve } from "node:path";
import { parseConfig } from "#shared/core/config.ts";
import { DRAIN_MS, failStart, onShutdown } from "#shared/core/lifecycle.ts";
import { createLog } from "#shared/core/log.ts";
import { detectPlatform } from "#shared/core/platform.ts";
import { loadEnvironment } from "#shared/mcp/environment.ts";
import manifest from "../package.json" with { type: "json" };
import { chooseHost, leaveMs, reachAt } from "./binding.ts";
import { runCommand } from "./commands/run.ts";
import { config } from "./config.ts";
import { watchCrashes } from "./mounts/scope.ts";
import { type CommandLine, parseCommandLine, USAGE } from "./options.ts";
import { watchSettings } from "./reload.ts";
import { chooseSettings, settingsFile } from "./settings/choose.ts";
import type { GatewaySettings } from "./settings/spec.ts";
import { startGateway } from "./start.ts";

/** Milliseconds that the servers get to close when all calls have ended. */
const CLOSE_MS = 5_000;

export interface RunOptions {
  /** The command line, without node and the script. */
  argv: readonly string[];
  /** Where a gateway.json is looked for when none is named: never the working directory, which may be anybody's. */
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
    const context = { env: loadEnvironment(), cwd: process.cwd(), now: () => new Date() };
    if (await runCommand(options.argv, context, print)) return;
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
  const leaving = leaveMs(values, platform);
  const file = line.config ?? values.GATEWAY_CONFIG;
  const read = () => withKeys(chooseSettings({ file, root, servers }, env), values.GATEWAY_KEYS);
  const hostFor = ({ access }: GatewaySettings) =>
    chooseHost(line, values, platform, access !== undefined);
  const settings = read();
  const host = hostFor(settings);
  const log = createLog({ level: values.LOG_LEVEL, secrets, fields: { server: manifest.name } });
  // whoever reads the lines may leave; the gateway goes on
  process.stdout.on("error", () => {});
  const print = (text: string) => void process.stdout.write(text);
  const gateway = await startGateway({
    manifest,
    settings,
    env,
    log,
    host,
    leaveMs: leaving,
    askOverHttp: values.ASK_OVER_HTTP,
    reach: reachAt(host, values),
    secrets: {
      pepper: values.GATEWAY_KEY_PEPPER,
      redisUrl: values.GATEWAY_REDIS_URL,
      auditKey: values.GATEWAY_AUDIT_KEY,
    },
    port: line.port ?? values.PORT ?? manifest.flotilla.port,
    print,
  });
  for (const line of settings.leftOut ?? []) print(`left out   ${line}\n`);
  // a person reads the lines above; programs that started it read this one
  if (!process.stdout.isTTY)
    log.info("listening", { url: `${gateway.url}/mcp`, mounts: settings.mounts.length });
  const stopWatching = watchSettings({
    file: settingsFile({ file, root }),
    read: () => {
      const next = read();
      // a file that has lost its access control does not open what listens already
      hostFor(next);
      return next;
    },
    apply: gateway.apply,
    print,
    log,
  });
  const close = async () => {
    stopWatching();
    await gateway.close();
  };
  const shutdown = onShutdown(close, log, leaving + DRAIN_MS + CLOSE_MS);
  watchCrashes(log, () => void shutdown.stop("a crash that is no mount's", 1));
}

const print = (line: string) => void process.stdout.write(`${line}\n`);

/** A file of keys that the environment names is access control too. */
function withKeys(settings: GatewaySettings, keys: string | undefined): GatewaySettings {
  if (keys === undefined) return settings;
  return { ...settings, access: { ...settings.access, keys: resolve(keys) } };
}
