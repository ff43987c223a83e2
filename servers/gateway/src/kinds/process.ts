import type { Log } from "#shared/core/contract.ts";
import type { Env } from "#shared/mcp/environment.ts";
import { entryFile } from "../guard/entries.ts";
import { spawnGuarded, unlessEnded } from "../guard/spawn.ts";
import { connectLink } from "../link/client.ts";
import { readLines } from "../link/lines.ts";
import { tellLines } from "../link/output.ts";
import type { Connector } from "../mounts/mount.ts";
import { MountError } from "../mounts/mount-error.ts";
import type { PackageSpec } from "../settings/spec.ts";
import { secretsOf } from "./environment.ts";
import { builtServer, lastKnownOf, mountEnvironment } from "./package.ts";

/** Runs a server's folder in a process of its own, one for the mount, for as long as it is well. */
export function processConnector(spec: PackageSpec, process: Env, log: Log): Connector {
  return {
    lastKnown: () => lastKnownOf(spec, process),
    connect: async ({ signal, onEvent, onGone }) => {
      const file = builtServer(spec);
      const env = mountEnvironment(spec, process);
      const child = spawnGuarded({
        command: globalThis.process.execPath,
        args: [`--max-old-space-size=${spec.memoryMb}`, entryFile("host-process")],
        env,
        channel: true,
      });
      const { channel, ended } = child;
      if (!channel) throw new MountError("its process has no channel");
      const output = tellLines(log, spec.name, [child.stdout, child.stderr], secretsOf(spec.env));
      signal.addEventListener("abort", () => void child.end(), { once: true });
      const connection = await unlessEnded(
        connectLink({
          channel: {
            send: (text) => void channel.write(`${text}\n`),
            onText: (onLine) => readLines(channel, { onLine }, Number.POSITIVE_INFINITY),
          },
          file,
          env,
          onEvent,
          end: child.end,
        }),
        ended,
        output.explain,
      ).catch(async (error: unknown) => {
        await child.end();
        throw error;
      });
      void ended.then((reason) => onGone(new MountError(output.explain(reason))));
      return connection;
    },
  };
}
