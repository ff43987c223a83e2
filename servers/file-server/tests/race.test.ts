import { mkdir, readdir, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeAll, expect, test } from "vitest";
import { heldStrategy } from "../src/sandbox/held.ts";
import { ensureBuilt } from "./shared/testing/build.ts";
import { withTempDir } from "./shared/testing/temp-dir.ts";
import { setUp } from "./support/attack-setup.ts";
import { startBuilt } from "./support/built-server.ts";
import { readOrReason, sandboxOn } from "./support/sandboxes.ts";

/** The full numbers take minutes on a small machine: RACE=full runs them. */
const isFull = process.env.RACE === "full";
const READS = isFull ? 20_000 : 5_000;
const WRITES = isFull ? 4_000 : 1_000;
const AT_ONCE = 20;
const MOST_ROUNDS = 10;
const TIMEOUT_MS = isFull ? 600_000 : 120_000;

/** Runs `work` in a root where a folder and a link to the outside change places all the time. */
const withRace = (work: (root: string) => Promise<void>) =>
  withTempDir(async (folder) => {
    const root = join(folder, "root");
    await mkdir(join(root, "d"), { recursive: true });
    await mkdir(join(folder, "outside"));
    await writeFile(join(root, "d", "s.txt"), "SAFE");
    await writeFile(join(folder, "outside", "s.txt"), "LEAK");
    await symlink(join(folder, "outside"), join(root, "dl"));
    const stop = await setUp([{ type: "racer", a: join(root, "d"), b: join(root, "dl"), us: 20 }]);
    try {
      await work(root);
    } finally {
      await stop();
    }
  });

async function tally(
  work: (i: number) => Promise<string>,
  times = READS,
): Promise<Record<string, number>> {
  const counts: Record<string, number> = {};
  let left = 0;
  const wasRace = () =>
    counts.symlink !== undefined && (counts.SAFE ?? counts.written) !== undefined;
  const worker = async () => {
    while (left-- > 0) {
      const answer = await work(left);
      counts[answer] = (counts[answer] ?? 0) + 1;
    }
  };
  // one, unless the machine stopped whoever changes the places for as long as it took
  for (let round = 0; round < MOST_ROUNDS && !wasRace(); round++) {
    left = times;
    await Promise.all(Array.from({ length: AT_ONCE }, worker));
  }
  return counts;
}

/** Reads that met the folder and reads that met the link show that there was a race at all. */
function expectNoLeak(counts: Record<string, number>): void {
  const allowed = ["SAFE", "symlink", "not_found", "changed"];
  expect(Object.keys(counts).filter((answer) => !allowed.includes(answer))).toEqual([]);
  expect(counts.SAFE).toBeGreaterThan(0);
  expect(counts.symlink).toBeGreaterThan(0);
}

beforeAll(() => ensureBuilt(), TIMEOUT_MS);

test.skipIf(process.platform !== "linux")(
  `of ${READS} reads while a folder and a link change places none leaves the root`,
  () =>
    withRace(async (root) => {
      const sandbox = await sandboxOn(root, { strategy: heldStrategy() });
      const counts = await tally(async () => {
        const answer = await readOrReason(sandbox, "d/s.txt");
        return typeof answer === "string" ? answer : String(Object.values(answer ?? {})[0]);
      });
      expectNoLeak(counts);
    }),
  TIMEOUT_MS,
);

test.skipIf(process.platform !== "linux")(
  "nor through the built server",
  () =>
    withRace(async (root) => {
      const server = await startBuilt(root);
      try {
        const counts = await tally(async () => {
          const { line } = await server.call("read_text_file", { path: "d/s.txt" });
          return /SAFE|LEAK|symlink|not_found|changed/.exec(line)?.[0] ?? line;
        });
        expectNoLeak(counts);
      } finally {
        await server.stop();
      }
    }),
  TIMEOUT_MS,
);

test.skipIf(process.platform !== "linux")(
  `of ${WRITES} writes through the built server none lands outside the root`,
  () =>
    withRace(async (root) => {
      const server = await startBuilt(root, { env: { ALLOW_WRITE: "true" } });
      try {
        const counts = await tally(async (i) => {
          const input = { path: `d/w${i % 50}.txt`, content: `text ${i}` };
          const { line, isError } = await server.call("write_file", input);
          if (!isError) return "written";
          return /symlink|not_found|changed|busy|exists/.exec(line)?.[0] ?? line;
        }, WRITES);
        expect(Object.keys(counts).filter((answer) => !EXPECTED.includes(answer))).toEqual([]);
        expect(counts.written).toBeGreaterThan(0);
        expect(counts.symlink).toBeGreaterThan(0);
      } finally {
        await server.stop();
      }
      expect(await readdir(join(root, "..", "outside"))).toEqual(["s.txt"]);
      const inside = await readdir(root, { recursive: true });
      expect(inside.filter((name) => name.includes(".mcp-tmp-"))).toEqual([]);
    }),
  TIMEOUT_MS,
);

const EXPECTED = ["written", "symlink", "not_found", "changed", "exists"];
