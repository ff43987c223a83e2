import { cp, mkdir, symlink, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { beforeAll, expect, it } from "vitest";
import { ensureBuilt } from "./shared/testing/build.ts";
import { startProcess } from "./shared/testing/process.ts";
import { until } from "./shared/testing/within.ts";
import { testFolder } from "./support/folders.ts";

beforeAll(() => ensureBuilt(), 60_000);

/** Whoever reads this does not start. */
const FAULTY = '{ "mcpServers": 1 }';

it.each(["stdio.cjs", "http.js"])(
  "takes the gateway.json of its own folder, never of the project that is open: %s",
  async (name) => {
    const root = await testFolder();
    const [own, project] = [join(root, "servers", "gateway"), join(root, "project")];
    await mkdir(project);
    await cp("dist", join(own, "dist"), { recursive: true });
    await cp("package.json", join(own, "package.json"));
    await symlink(resolve("node_modules"), join(own, "node_modules"), "junction");
    await writeFile(join(project, "gateway.json"), FAULTY);
    const start = () => {
      const entry = join(own, "dist", name);
      const gateway = startProcess({ entry, cwd: project, env: { PORT: "0", HOME: root } });
      gateway.stdin.write('{"jsonrpc":"2.0","id":1,"method":"ping"}\n');
      return gateway;
    };
    const spared = start();
    const lives = () => /"result":\{\}|http:\/\//.test(spared.stdout.text());
    await until(lives, "A start");
    await spared.stop();

    await writeFile(join(own, "gateway.json"), FAULTY);
    const stopped = start();
    expect((await stopped.exit()).code).toBe(1);
    expect(stopped.stderr.text()).toContain(join(own, "gateway.json"));
  },
);
