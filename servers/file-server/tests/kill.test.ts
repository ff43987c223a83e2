import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { beforeAll, expect, test } from "vitest";
import { ensureBuilt } from "./shared/testing/build.ts";
import { startBuilt } from "./support/built-server.ts";
import { withRoot } from "./support/files.ts";

const WRITES = 500;
const WRITES_A_LIFE = 25;
const TIMEOUT_MS = 180_000;
const LENGTH = 300_000;

const contentOf = (i: number) => String(i % 10).repeat(LENGTH);

beforeAll(() => ensureBuilt(), TIMEOUT_MS);

test.skipIf(process.platform === "win32")(
  `killed at random moments of ${WRITES} writes, the file is whole and no temporary file stays`,
  () =>
    withRoot({ f: contentOf(0) }, async (root) => {
      await writeFile(join(root, "other"), "untouched");
      for (let done = 0; done < WRITES; done += WRITES_A_LIFE) {
        await liveAndDie(root, done);
        expect(await readFile(join(root, "f"), "utf8")).toMatch(/^(\d)\1{299999}$/);
      }
      const last = await startBuilt(root, { env: { ALLOW_WRITE: "true" } });
      const { isError } = await last.call("write_file", { path: "f", content: "end" });
      await last.stop();
      expect(isError).toBe(false);
      expect((await readdir(root)).sort()).toEqual([".mcp-trash", "f", "other"]);
      expect(await readFile(join(root, "other"), "utf8")).toBe("untouched");
    }),
  TIMEOUT_MS,
);

/** Sends its writes at once, and is killed before the last can be through. */
async function liveAndDie(root: string, first: number): Promise<void> {
  const server = await startBuilt(root, { env: { ALLOW_WRITE: "true" } });
  const writes = Array.from({ length: WRITES_A_LIFE }, (_, i) =>
    server.call("write_file", { path: "f", content: contentOf(first + i) }).catch(() => {}),
  );
  await Promise.race([writes[0], wait(5_000)]);
  await wait(Math.random() * 60);
  await server.stop();
  await Promise.all(writes);
}
