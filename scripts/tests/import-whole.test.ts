import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { runNode } from "../lib/run.ts";
import { eras } from "../lib/standalone/answers.ts";
import { emptyEnvironment } from "../lib/standalone/environment.ts";
import { startStdio } from "../lib/standalone/raw-stdio.ts";
import { newServer, oldServer } from "./support/foreign-servers.ts";
import { tempFolder } from "./support/temp-folder.ts";
import { commitAll } from "./support/temp-repository.ts";
import {
  expectClean,
  expectOk,
  MINUTES,
  scriptIn as script,
  wholeRepository,
} from "./support/whole-repository.ts";

const call = { tool: "get-tide", input: { port: "Brest" } };

test.skipIf(process.platform === "win32")(
  "servers on SDK 1.x and 2.x are brought in, answer in both eras and pass the checks",
  { timeout: 15 * MINUTES },
  async ({ skip }) => {
    const root = await wholeRepository(skip);
    const example = ["--example", JSON.stringify(call)];
    expectOk(await script(root, "import-server", tempFolder(oldServer), ...example));
    expectOk(await script(root, "import-server", tempFolder(newServer)));
    commitAll(root, "two imported servers");

    for (const name of ["tide-server", "moon-server"]) {
      const folder = join(root, "servers", name);
      await expectClean(root, name);
      expectOk(await script(root, "generate", "--check", name));
      expectOk(await script(root, "build", name));
      const vitest = join(folder, "node_modules", "vitest", "vitest.mjs");
      expectOk(await runNode([vitest, "run", "--no-color"], { cwd: folder }));
    }

    const tide = join(root, "servers", "tide-server");
    expect(readFileSync(join(tide, "LICENSE"), "utf8")).toBe(oldServer.LICENSE);
    expect(readFileSync(join(tide, "src/original/index.ts"), "utf8")).toContain("type Tide");
    expect(readFileSync(join(tide, "IMPORT.md"), "utf8")).toContain("- [ ] prompt plan");
    const lock = JSON.parse(readFileSync(join(tide, "tools.lock.json"), "utf8"));
    expect(lock).toMatchObject({ instructions: "Ask for a port.", tools: [{ name: "get-tide" }] });
    expect(lock.variables.TIDE_API_KEY).toMatchObject({ secret: true });
    for (const era of eras) {
      const server = startStdio(["dist/stdio.js"], { cwd: tide, env: emptyEnvironment() });
      onTestFinished(server.kill);
      await era.open(server);
      const { structuredContent } = await era.call(server, call.tool, call.input);
      expect(structuredContent).toEqual({ height: 6.2, unit: "m" });
      await expect(era.call(server, call.tool, { port: "nowhere" })).rejects.toThrow(
        "no such port",
      );
    }

    const broken = { ...newServer, "src/main.ts": 'throw new Error("no luck today");' };
    const refused = await script(root, "import-server", tempFolder(broken), "--name", "sun-server");
    expect(refused.output).toMatch(/does not list its tools; .*no luck today/s);
    expect(refused.ok).toBe(false);
    expect(existsSync(join(root, "servers", "sun-server"))).toBe(false);
  },
);
