// Copied from shared/mcp/stdio.ts by "pnpm shared:copy": edit it there, or keep a local change with "pnpm shared:detach".
import { parseConfig } from "#shared/core/config.ts";
import type { ServerEvent, ServerModule } from "#shared/core/contract.ts";
import { emptyConfig } from "#shared/core/definition.ts";
import { DRAIN_MS, failStart, onShutdown } from "#shared/core/lifecycle.ts";
import { createLog } from "#shared/core/log.ts";
import { loadEnvironment } from "./environment.ts";
import { createStdioTransport } from "./stdio-transport.ts";

/**
 * Milliseconds that calls in flight get once stdin has ended. A client that closes stdin wants no
 * more answers, but `printf ... | server` does.
 */
const STDIN_END_DRAIN_MS = 1_000;

/** Runs a server over stdin and stdout until the client closes stdin or the process is told to stop. */
export async function runStdio(module: ServerModule): Promise<void> {
  try {
    await start(module);
  } catch (error) {
    failStart(error);
  }
}

async function start(module: ServerModule): Promise<void> {
  const env = loadEnvironment();
  const { values, secrets } = parseConfig(emptyConfig, env);
  const log = createLog({ level: values.LOG_LEVEL, secrets, fields: { server: module.name } });
  const events: { publish?(event: ServerEvent): void } = {};
  const [instance, { sdkStdio }] = await Promise.all([
    module.open({ env, onEvent: (event) => events.publish?.(event) }),
    import("./sdk.ts"),
  ]);
  const transport = createStdioTransport({
    input: process.stdin,
    output: process.stdout,
    onNoise: (reason, preview) => log.warn("A line on stdin was skipped", { reason, preview }),
    onEnd: (reason) => {
      drainMs = STDIN_END_DRAIN_MS;
      void shutdown.stop(reason);
    },
  });
  const onError = (error: Error) =>
    log.debug("The protocol refused a message", { reason: error.message });
  const sdk = sdkStdio(module, instance, transport, onError);
  events.publish = sdk.publish;
  let drainMs = DRAIN_MS;
  const shutdown = onShutdown(async () => {
    await transport.drain(drainMs);
    await sdk.close();
    await instance.close();
  }, log);
}
