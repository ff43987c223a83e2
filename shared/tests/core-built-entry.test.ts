import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { expect, test } from "vitest";
import { builtEntry } from "../core/built-entry.ts";
import { withTempDir } from "../testing/temp-dir.ts";

test("finds a built entry beside the bundle and above its parts, and none from source", () =>
  withTempDir(async (folder) => {
    const dist = join(folder, "dist");
    await mkdir(join(dist, "chunks"), { recursive: true });
    await writeFile(join(dist, "reader.js"), "");
    const from = (...path: string[]) => pathToFileURL(join(folder, ...path)).href;
    expect(builtEntry("reader", from("dist", "http.js"))).toBe(join(dist, "reader.js"));
    expect(builtEntry("reader", from("dist", "chunks", "main.js"))).toBe(join(dist, "reader.js"));
    expect(builtEntry("reader", from("src", "reading", "thread.ts"))).toBeUndefined();
    expect(builtEntry("other", from("dist", "http.js"))).toBeUndefined();
  }));
