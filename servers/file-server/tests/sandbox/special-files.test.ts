import { execFileSync } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:net";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { withRoot } from "../support/files.ts";
import { readOrReason, STRATEGIES, sandboxOn } from "../support/sandboxes.ts";

describe.skipIf(process.platform === "win32").each(STRATEGIES)("$name", (strategy) => {
  test("pipes are refused and block nothing, however many", () =>
    withRoot({ "a.txt": "alpha" }, async (root) => {
      const pipes = Array.from({ length: 8 }, (_, i) => `fifo${i}`);
      execFileSync(
        "mkfifo",
        pipes.map((name) => join(root, name)),
      );
      const sandbox = await sandboxOn(root, { strategy });
      const reasons = await Promise.all(pipes.map((name) => readOrReason(sandbox, name)));
      expect(new Set(reasons)).toEqual(new Set(["special_file"]));
      expect(await readOrReason(sandbox, "a.txt")).toEqual({ text: "alpha" });
    }));

  test("a socket is refused", () =>
    withRoot({}, async (root) => {
      const listener = createServer().listen(join(root, "sock"));
      await once(listener, "listening");
      expect(await readOrReason(await sandboxOn(root, { strategy }), "sock")).toBe("special_file");
      listener.close();
    }));

  test("a device is refused, also where the owner allows its folder", async () => {
    expect(await readOrReason(await sandboxOn("/dev", { strategy }), "zero")).toBe("special_file");
  });
});
