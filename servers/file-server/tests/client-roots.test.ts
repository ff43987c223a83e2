import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { beforeAll, expect, test } from "vitest";
import { isWithin, narrowedFolder, rootPaths } from "../src/sandbox/client-roots.ts";
import { ensureBuilt } from "./shared/testing/build.ts";
import { type BuiltServer, startBuilt } from "./support/built-server.ts";
import { withRoot } from "./support/files.ts";

beforeAll(() => ensureBuilt(), 120_000);

const tree = {
  "in/a.txt": "alpha",
  "in/deep/b.txt": "bravo",
  "out.txt": "x",
  "into/c.txt": "x",
  ln: { link: "out.txt" },
  "in/ln": { link: "../out.txt" },
};
const uri = (...path: string[]) => pathToFileURL(join(...path)).href;

async function withServer(
  env: Record<string, string>,
  work: (server: BuiltServer, root: string) => Promise<void>,
) {
  await withRoot(tree, async (root) => {
    const server = await startBuilt(root, { env });
    try {
      await work(server, root);
    } finally {
      await server.stop();
    }
  });
}

const NARROW = { CLIENT_ROOTS: "true", ALLOW_WRITE: "true" };

test("the client's roots narrow what each call reaches, reading and writing", () =>
  withServer(NARROW, async (server, root) => {
    server.setRoots([uri(root, "in")]);
    const refused = async (tool: string, input: object) =>
      (await server.call(tool, input)).line.includes("outside_root");
    expect((await server.call("read_text_file", { path: "in/a.txt" })).isError).toBe(false);
    expect((await server.call("search_text", { path: "in", pattern: "bravo" })).line).toContain(
      "in/deep/b.txt",
    );
    expect((await server.call("list_roots", {})).line).toContain(`${join(root, "in")}`);
    for (const path of ["out.txt", "ln", "in/ln", "into/c.txt", "in/../out.txt", "."])
      expect(await refused("get_file_info", { path }), path).toBe(true);
    expect(await refused("list_directory", { path: "." })).toBe(true);
    expect(await refused("read_media_file", { path: "out.txt" })).toBe(true);
    expect(await refused("write_file", { path: "new", content: "" })).toBe(true);
    expect(await refused("move_path", { source: "in/a.txt", destination: "a.txt" })).toBe(true);
    expect(await refused("copy_path", { source: "out.txt", destination: "in/x" })).toBe(true);
    expect(await refused("create_archive", { sources: ["out.txt"], destination: "in/x.zip" })).toBe(
      true,
    );
    expect((await server.read(uri(root, "out.txt"))).line).toContain("outside_root");
    expect((await server.call("write_file", { path: "in/new", content: "" })).isError).toBe(false);
    expect((await server.call("undo_changes", {})).isError).toBe(false);
  }));

test("they are asked for anew by each call, and never widen", () =>
  withServer(NARROW, async (server, root) => {
    const reads = async (path: string) => !(await server.call("read_text_file", { path })).isError;
    server.setRoots([uri(root, "in"), uri(root, "into")]);
    expect([await reads("in/a.txt"), await reads("into/c.txt"), await reads("out.txt")]).toEqual([
      true,
      true,
      false,
    ]);
    server.setRoots([uri("/"), uri(root, "..")]);
    expect([await reads("out.txt"), await reads("/etc/passwd")]).toEqual([true, false]);
    for (const none of [[], ["file:///does/not/exist", "nonsense", "http://x/", "file://host/x"]]) {
      server.setRoots(none);
      expect([await reads("out.txt"), await reads("/etc/passwd")]).toEqual([false, false]);
    }
  }));

test("without CLIENT_ROOTS they change nothing", () =>
  withServer({}, async (server, root) => {
    server.setRoots([uri(root, "in")]);
    expect((await server.call("read_text_file", { path: "out.txt" })).isError).toBe(false);
    expect((await server.call("read_text_file", { path: "/etc/passwd" })).isError).toBe(true);
  }));

test("a path lies in a folder by whole names", () => {
  const root = { given: "/link", canonical: "/real", isFirst: true };
  const place = (...parts: string[]) => ({ root, parts });
  expect(isWithin(place("a", "b"), ["/link/a"])).toBe(true);
  expect(isWithin(place("a"), ["/real/a"])).toBe(true);
  expect(isWithin(place("ab"), ["/link/a"])).toBe(false);
  expect(isWithin(place("a"), ["/link/a/b"])).toBe(false);
  expect(isWithin(place("a"), ["/"])).toBe(true);
  expect(narrowedFolder(root, ["/link/a", "/other", "/linked"])).toEqual(["/link/a"]);
  expect(rootPaths(["file:///a/../b", "file://host/x", "x", "http://x"])).toEqual(["/b"]);
});

test("more roots of the client than can be listed narrow all the same", () =>
  withServer(NARROW, async (server, root) => {
    const many = Array.from({ length: 200 }, (_, i) => uri(root, "in", String(i)));
    server.setRoots([uri(root, "in"), uri(root, "in"), ...many]);
    const { line, isError } = await server.call("list_roots", {});
    expect(isError, line).toBe(false);
    expect((await server.call("read_text_file", { path: "in/a.txt" })).isError).toBe(false);
    expect((await server.call("read_text_file", { path: "out.txt" })).isError).toBe(true);
  }));
