import type { Log } from "#shared/core/contract.ts";
import type { Env } from "#shared/mcp/environment.ts";
import { connectForeign } from "../foreign/connect.ts";
import type { ClientFacts } from "../foreign/facts.ts";
import { stdioWire } from "../foreign/stdio-wire.ts";
import { spawnGuarded, unlessEnded } from "../guard/spawn.ts";
import { tellLines } from "../link/output.ts";
import { redact } from "../link/redact.ts";
import type { ConnectOptions, Connector } from "../mounts/mount.ts";
import { MountError } from "../mounts/mount-error.ts";
import type { CommandSpec } from "../settings/spec.ts";
import { commandEnvironment, secretsOf } from "./environment.ts";

/** Characters of a line on stdout that is no message, as the log shows it. */
const MAX_NOISE = 200;

/** Runs a command that speaks MCP on its stdin and stdout: one process, whoever calls. */
export function commandConnector(
  spec: CommandSpec,
  process: Env,
  log: Log,
  client: ClientFacts,
): Connector {
  // what it spoke last is what it speaks first
  let knownLegacy = false;

  async function open({ signal, onEvent, onGone, onDoubt }: ConnectOptions, asLegacy: boolean) {
    const child = spawnGuarded({
      command: spec.command,
      args: spec.args,
      env: commandEnvironment(spec.env, process),
      ...(spec.cwd !== undefined && { cwd: spec.cwd }),
      channel: false,
    });
    const output = tellLines(log, spec.name, [child.stderr], secretsOf(spec.env));
    signal.addEventListener("abort", () => void child.end(), { once: true });
    const wire = stdioWire({
      input: child.stdout,
      output: child.stdin,
      onNoise: (line) =>
        log.debug("A line on a server's stdout is no message", {
          mount: spec.name,
          text: redact(line.slice(0, MAX_NOISE)),
        }),
      onLost: (reason) => onGone(new MountError(`it sent ${reason}`)),
      close: child.end,
    });
    const options = {
      name: spec.name,
      wire,
      client,
      log,
      signal,
      knownLegacy: asLegacy,
      listTimeoutMs: spec.startTimeoutMs,
      onEvent,
      onDoubt,
    };
    const connection = await unlessEnded(
      connectForeign(options),
      child.ended,
      output.explain,
    ).catch(async (error: unknown) => {
      await child.end();
      throw error;
    });
    void child.ended.then((reason) => onGone(new MountError(output.explain(reason))));
    return connection;
  }

  return {
    lastKnown: () => undefined,
    connect: async (options) => {
      const asLegacy = knownLegacy;
      // known is what worked: one of 2026 that only started slowly would be asked as of 2025 for ever
      knownLegacy = false;
      const connection = await open(options, asLegacy).catch((error: unknown) => {
        // some servers of 2025 end when the first message is not theirs
        if (asLegacy || options.signal.aborted) throw error;
        return open(options, true);
      });
      knownLegacy = connection.era === "legacy";
      return connection;
    },
  };
}
