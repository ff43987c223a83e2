import { Worker } from "node:worker_threads";
import type { Log } from "#shared/core/contract.ts";
import type { Env } from "#shared/mcp/environment.ts";
import { entryFile } from "../guard/entries.ts";
import { unlessEnded } from "../guard/spawn.ts";
import { connectLink } from "../link/client.ts";
import { tellLines } from "../link/output.ts";
import type { Connector } from "../mounts/mount.ts";
import { MountError } from "../mounts/mount-error.ts";
import type { PackageSpec } from "../settings/spec.ts";
import { builtServer, lastKnownOf, mountEnvironment } from "./package.ts";

/** Milliseconds that a worker may take to close before it is ended. */
const CLOSE_MS = 1_000;

/** Runs a server's folder in a thread: it may block, and use up its own heap. */
export function workerConnector(spec: PackageSpec, process: Env, log: Log): Connector {
  return {
    lastKnown: () => lastKnownOf(spec, process),
    connect: async ({ signal, onEvent, onGone }) => {
      const file = builtServer(spec);
      const env = mountEnvironment(spec, process);
      const worker = new Worker(entryFile("host-worker"), {
        env,
        argv: [],
        execArgv: [],
        // what a server prints must not reach the protocol that the gateway may speak on its own stdout
        stdout: true,
        stderr: true,
        resourceLimits: { maxOldGenerationSizeMb: spec.memoryMb },
      });
      const output = tellLines(log, spec.name, [worker.stdout, worker.stderr]);
      const ended = endOf(worker);
      const end = async () => {
        const late = setTimeout(() => void worker.terminate(), CLOSE_MS);
        await ended;
        clearTimeout(late);
      };
      signal.addEventListener("abort", () => void worker.terminate(), { once: true });
      const connection = await unlessEnded(
        connectLink({
          channel: {
            send: (text) => worker.postMessage(text),
            onText: (take) => void worker.on("message", take),
          },
          file,
          env,
          onEvent,
          end,
        }),
        ended,
        output.explain,
      ).catch(async (error: unknown) => {
        await worker.terminate();
        throw error;
      });
      void ended.then((reason) => onGone(new MountError(output.explain(reason))));
      return connection;
    },
  };
}

/** Why a worker ended, in words. */
function endOf(worker: Worker): Promise<string> {
  return new Promise((resolve) => {
    let error: unknown;
    worker.once("error", (thrown) => {
      error = thrown;
    });
    worker.once("exit", (code) => {
      if (error instanceof Error) resolve(`${error.name}: ${error.message}`);
      else resolve(error === undefined ? `it ended with ${code}` : String(error));
    });
  });
}
