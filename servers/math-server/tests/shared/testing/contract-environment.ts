// Copied from shared/testing/contract-environment.ts by "pnpm shared:copy": edit it there, or keep a local change with "pnpm shared:detach".
import { cp, mkdir, symlink, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { describe, expect, it } from "vitest";
import type { Contract } from "./options.ts";
import { startProcess } from "./process.ts";
import { withTempDir } from "./temp-dir.ts";

/** What stops a start of any server, wherever it is read from. */
const FAULT = "READ_ONLY=maybe\n";

/** Where variables come from: never from a project that somebody has opened. */
export function describeEnvironment({ entries }: Contract): void {
  describe.skipIf(!entries.http.entry.startsWith("dist/"))("a file of variables", () => {
    it.each(["stdio", "http"] as const)(
      "counts beside package.json, and not in the working directory: %s",
      (entry) =>
        withTempDir(async (folder) => {
          const [server, project] = [join(folder, "server"), join(folder, "project")];
          await copyBuilt(server);
          await mkdir(project);
          await writeFile(join(project, ".env"), FAULT);
          const start = () =>
            startProcess({
              entry: join(server, entries[entry].entry),
              cwd: project,
              env: { NODE_ENV: "", PORT: "0" },
            });
          const spared = start();
          spared.stdin.write('{"jsonrpc":"2.0","id":1,"method":"ping"}\n');
          if (entry === "stdio") await spared.stdout.find(() => true, "The answer to a ping");
          else await spared.stderr.find((line) => line.includes("listening"), "Its address");
          await spared.stop();

          await writeFile(join(server, ".env"), FAULT);
          const stopped = start();
          expect((await stopped.exit()).code).toBe(1);
          expect(stopped.stderr.text()).toContain("READ_ONLY");
        }),
    );
  });
}

/** The server as it is shipped; what it does not bundle stays where it is installed. */
async function copyBuilt(folder: string): Promise<void> {
  await cp("dist", join(folder, "dist"), { recursive: true });
  await cp("package.json", join(folder, "package.json"));
  await symlink(resolve("node_modules"), join(folder, "node_modules"), "junction");
}
