import { execFileSync } from "node:child_process";
import { chmodSync, cpSync, existsSync, readFileSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { buildServers } from "../lib/build/build.ts";
import { MIN_MEMORY_MIB } from "../lib/deploy/config-schema.ts";
import { programFile } from "../lib/deploy/programs.ts";
import { declaredExample } from "../lib/example.ts";
import { freePorts } from "../lib/free-ports.ts";
import { findProjects, type Project, repositoryRoot } from "../lib/projects.ts";
import { assertListed, eras } from "../lib/standalone/answers.ts";
import { type HttpServer, startHttp } from "../lib/standalone/start-http.ts";
import { tempFolder } from "./support/temp-folder.ts";

/** What a host that runs the image takes away, done here without an image. */
const can =
  process.platform === "linux" &&
  process.getuid?.() === 0 &&
  ["unshare", "setpriv", "mount"].every((name) => programFile(name, process.env));

const servers = findProjects(repositoryRoot).filter(({ kind }) => kind === "server");
const USER = 1000;
const CALLS = 300;
const BATCH = 20;

/** No file can be written, and the user is nobody: as readOnlyRootFilesystem and runAsUser have it. */
const CAGE = [
  "--mount",
  "sh",
  "-c",
  `mount --make-rprivate / && mount -o remount,bind,ro / && exec setpriv --reuid ${USER} --regid ${USER} --clear-groups --no-new-privs --inh-caps=-all --bounding-set=-all "$@"`,
  "cage",
];

/** What the Dockerfile copies into the image, at the place of its own. */
function imageOf({ dir }: Project): string {
  const folder = tempFolder();
  chmodSync(folder, 0o755);
  for (const name of ["package.json", "dist"]) {
    cpSync(join(dir, name), join(folder, name), { recursive: true });
  }
  symlinkSync(join(dir, "node_modules"), join(folder, "node_modules"));
  return folder;
}

/** The ENV of the Dockerfile, which is where HOST comes from. */
function environmentOf({ dir }: Project): Record<string, string> {
  const [, line = ""] = /^ENV (.*)$/m.exec(readFileSync(join(dir, "Dockerfile"), "utf8")) ?? [];
  return Object.fromEntries(line.split(" ").map((pair) => pair.split("=", 2)));
}

/** The HEALTHCHECK of the Dockerfile. */
function healthCommand({ dir }: Project): string[] {
  const [, command = "[]"] =
    /CMD (\[.*\])$/m.exec(readFileSync(join(dir, "Dockerfile"), "utf8")) ?? [];
  const [, ...args]: string[] = JSON.parse(command);
  return args;
}

const peakMiB = (pid: number | undefined) =>
  Number(/^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1]) / 1024;

describe.skipIf(!can)(
  "the image's files, read-only, as nobody (needs root, unshare and setpriv)",
  () => {
    beforeAll(async () => {
      const lines: string[] = [];
      const built = await buildServers(servers, {
        onlyStale: true,
        why: false,
        write: (line) => lines.push(line),
      });
      expect(
        built.filter(({ kind }) => kind === "failed"),
        lines.join("\n"),
      ).toEqual([]);
    }, 300_000);

    test("the cage is one: nothing can be written, and the user is not root", () => {
      const inside = (script: string) =>
        execFileSync("unshare", [...CAGE, "sh", "-c", script], { encoding: "utf8", stdio: "pipe" });
      expect(inside("id -u")).toBe(`${USER}\n`);
      const folder = tempFolder();
      chmodSync(folder, 0o777);
      expect(() => inside(`touch ${folder}/file`)).toThrow(/Read-only file system/);
      expect(() => inside("touch /tmp/file")).toThrow(/Read-only file system/);
    });

    test.each(servers.map((server) => ({ server, name: server.name })))(
      `$name answers both eras within ${MIN_MEMORY_MIB} MiB, passes its HEALTHCHECK, and ends on SIGTERM`,
      { timeout: 120_000 },
      async ({ server }) => {
        const cwd = imageOf(server);
        const [port = 0] = await freePorts(1);
        const env = {
          PATH: process.env.PATH,
          ...environmentOf(server),
          PORT: String(port),
          // a gateway alone does not open itself to the world
          ...(server.name === "gateway" && { GATEWAY_ALLOW_UNAUTHENTICATED: "true" }),
        };
        // what Node itself makes of a container of this size
        const node = [process.execPath, `--max-old-space-size=${MIN_MEMORY_MIB / 2}`];
        let running: HttpServer | undefined;
        try {
          running = await startHttp([...CAGE, ...node, "dist/http.js"], {
            cwd,
            env,
            command: "unshare",
          });
          expect(new URL(running.url).port).toBe(String(port));
          // one of the addresses that only a server on all of them answers at
          expect((await fetch(`http://127.0.0.2:${port}/health`)).status).toBe(200);
          const url = `http://127.0.0.1:${port}/mcp`;
          execFileSync(process.execPath, healthCommand(server), { env });
          for (const era of eras) {
            const connection = era.connectHttp(url);
            await era.open(connection);
            const names = (await era.list(connection)).map(({ name }) => name);
            if (server.name !== "gateway") assertListed(names, server.dir);
            const example = declaredExample(server.dir);
            for (let done = 0; example && done < CALLS; done += BATCH) {
              const calls = Array.from({ length: BATCH }, () =>
                era.call(era.connectHttp(url), example.tool, example.input),
              );
              await Promise.all(calls);
            }
          }
          expect(peakMiB(running.pid)).toBeLessThan(MIN_MEMORY_MIB);
          expect(await running.terminate()).toBe(0);
        } finally {
          running?.kill();
        }
      },
    );

    test("a HEALTHCHECK of a server that does not answer fails", async () => {
      const [server] = servers;
      if (!server) throw new Error("no server");
      const [port] = await freePorts(1);
      const env = { PATH: process.env.PATH, PORT: String(port) };
      expect(() => execFileSync(process.execPath, healthCommand(server), { env })).toThrow();
    });
  },
);

test.each(servers.map((server) => ({ server, name: server.name })))(
  "$name exports at module level what hosts of modules look for",
  async ({ server }) => {
    const file = join(server.dir, "dist", "server.js");
    if (!existsSync(file))
      await buildServers([server], { onlyStale: true, why: false, write: () => {} });
    const module: Record<string, unknown> = await import(file);
    expect(module.default).toBe(module.server);
    expect(module.server).toMatchObject({ name: server.name, fetch: expect.any(Function) });
  },
  120_000,
);
