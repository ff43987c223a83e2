/**
 * The questions that the tests of the official file server ask of its path validation
 * (modelcontextprotocol/servers, src/filesystem/__tests__/path-validation.test.ts, MIT), asked of
 * this one as a client asks: of the built server, about files that are there to be found.
 */
import { mkdir, readFile, symlink, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { ensureBuilt } from "./shared/testing/build.ts";
import { startProcess } from "./shared/testing/process.ts";
import { withTempDir } from "./shared/testing/temp-dir.ts";
import { type BuiltServer, startBuilt } from "./support/built-server.ts";

beforeAll(() => ensureBuilt(), 120_000);

const SECRET = "SECRET-CONTENT";

interface Question {
  title: string;
  /** Folders that are allowed, relative to a stand-in for a home; made when they are missing; else `project`. */
  allowed?: string[];
  inside?: string[];
  outside?: string[];
}

const long = "a/".repeat(1_000);

const QUESTIONS: Question[] = [
  {
    title: "the folder itself and what is below",
    inside: ["project", "project/src", "project/src/index.js", "project/deeply/nested/file.txt"],
  },
  {
    title: "names that begin alike",
    outside: ["project2", "project_backup", "project-old", "projectile", "project.bak"],
  },
  { title: "outside", outside: ["other", "/etc/passwd", ".", "/"] },
  {
    title: "several folders",
    allowed: ["project1", "project2"],
    inside: ["project1/src", "project2/src"],
    outside: ["project3", "project1_backup", "project2-old"],
  },
  {
    title: "signs",
    allowed: ["my-project (v2)"],
    inside: ["my-project (v2)", "my-project (v2)/src"],
    outside: ["my-project (v2)_backup", "my-project"],
  },
  {
    title: "slashes at the end",
    allowed: ["project/"],
    inside: ["project", "project/"],
    outside: ["project2", "project2/"],
  },
  {
    title: "a folder with dots on its way",
    allowed: ["project/../safe"],
    inside: ["safe/file"],
    outside: ["project/file"],
  },
  {
    title: "a folder with dots that lead back",
    allowed: ["x/../project"],
    inside: ["project/file"],
    outside: ["other"],
  },
  {
    title: "letters beyond ASCII",
    allowed: ["café"],
    inside: ["café", "café/file"],
    outside: ["cafe\u0301"],
  },
  {
    title: "spaces",
    allowed: ["my project"],
    inside: ["my project", "my project/file"],
    outside: ["my", "my proj"],
  },
  {
    title: "folders in folders",
    allowed: [".", "user", "user/project"],
    inside: ["anything", "user/anything", "user/project/anything", "other/deep/path"],
  },
  {
    title: "climbing",
    outside: [
      "project/../../../etc/passwd",
      "project/../../other",
      "project/../project2",
      "project/src/../../project2",
      "project/./../../other",
      "project/../project/../../../etc",
      "project/../test",
      "project/..",
    ],
  },
  {
    title: "dots in names",
    inside: [
      "project/..test",
      "project/test..",
      "project/te..st",
      "project/.",
      "project/...",
      "project/....",
    ],
  },
  {
    title: "zero bytes",
    outside: ["project\0/etc/passwd", "project/test\0.txt", "\0project", "project/\0"],
  },
  {
    title: "percent signs, which stand for themselves",
    inside: [
      "project/report_50%.pdf",
      "project/Q1_25%_growth",
      "project/%41",
      "project/%2e%2e",
      "project/file%20name",
    ],
  },
  {
    title: "percent signs in a folder",
    allowed: ["project%20files"],
    inside: ["project%20files/test"],
    outside: ["project files/test"],
  },
  {
    title: "slashes and dots that say nothing",
    inside: [
      "project//",
      "project///",
      "project/./src",
      "./project/src",
      "project//src//file",
      ".//project//src",
    ],
    outside: [".//project2"],
  },
  {
    title: "long paths",
    inside: [`project/${long}file.txt`],
    outside: [`project/${long}${"../".repeat(1_001)}etc/passwd`],
  },
];

/** Something stands at each name, so that a refusal is none for want of a file. */
async function place(path: string): Promise<void> {
  if (path.includes("\0") || path.length > 1_000) return;
  await mkdir(dirname(path), { recursive: true }).catch(() => {});
  await writeFile(path, SECRET, { flag: "wx" }).catch(() => {});
}

const at = (home: string, path: string) => (path.startsWith("/") ? path : `${home}/${path}`);

describe("what may be used, by the questions of the official server's tests", () => {
  test.each(QUESTIONS)("$title", ({ allowed = ["project"], inside = [], outside = [] }) =>
    withTempDir(async (temp) => {
      const home = join(temp, "home");
      const roots = allowed.map((path) => at(home, path));
      for (const root of [...roots, join(home, "project"), join(home, "x")])
        await mkdir(root, { recursive: true });
      // the longest first: what others lie in is a folder
      const all = [...inside, ...outside].sort((a, b) => b.length - a.length);
      for (const path of all) await place(at(home, path));
      await withServer(roots, async (server) => {
        for (const path of inside)
          expect((await ask(server, at(home, path))).reason, path).toMatch(/^(none|not_found)$/);
        for (const path of outside) await expectRefused(server, at(home, path));
      });
    }),
  );

  test("the whole disk, where the owner says so", () =>
    withServer(["/"], async (server) => {
      for (const path of ["/", "/etc/passwd", "/any/path"])
        expect((await ask(server, path)).reason, path).toMatch(/^(none|not_found)$/);
    }));

  test("a relative path belongs to the first folder, and cannot climb out of it", () =>
    withTempDir(async (root) => {
      await place(join(root, "relative/path"));
      await withServer([root], async (server) => {
        expect((await ask(server, "relative/path")).reason).toBe("none");
        expect((await ask(server, "./file")).reason).toBe("not_found");
        await expectRefused(server, "../parent");
      });
    }));

  test("what is no text is no path", () =>
    withTempDir((root) =>
      withServer([root], async (server) => {
        for (const path of ["", 123, {}, [], null, undefined])
          expect((await server.call("get_file_info", { path })).isError, String(path)).toBe(true);
      }),
    ));

  test("an empty folder among those that are allowed stops the start, and says why", async () => {
    const child = startProcess({ entry: "dist/http.js", env: { ALLOWED_ROOTS: '["", "/tmp"]' } });
    expect(await child.exit()).toMatchObject({ code: 1 });
    expect(child.stderr.text()).toContain("ALLOWED_ROOTS");
  });

  test("a folder with a zero byte in its name allows nothing", () =>
    withTempDir(async (root) => {
      await place(join(root, "file"));
      const env = { ALLOWED_ROOTS: JSON.stringify([`${root}\0`]) };
      const server = await startBuilt([], { env, cwd: root });
      try {
        for (const path of [root, join(root, "file"), "."])
          expect((await server.call("get_file_info", { path })).isError, path).toBe(true);
      } finally {
        await server.stop();
      }
    }));
});

describe.skipIf(process.platform === "win32")("links, by the same tests", () => {
  /** `allowed` may be used, `forbidden` with a file in it may not. */
  const withFolders = (
    work: (allowed: string, target: string, server: BuiltServer) => Promise<void>,
  ) =>
    withTempDir(async (folder) => {
      const [allowed, forbidden] = [join(folder, "allowed"), join(folder, "forbidden")];
      const target = join(forbidden, "target.txt");
      await mkdir(allowed);
      await place(target);
      await withServer([allowed], (server) => work(allowed, target, server));
      expect(await readFile(target, "utf8")).toBe(SECRET);
    });

  test("to a file outside, one or in a chain, are not followed", () =>
    withFolders(async (allowed, target, server) => {
      await symlink(target, join(allowed, "bad"));
      await symlink(target, join(allowed, "../link1"));
      await symlink(join(allowed, "../link1"), join(allowed, "../link2"));
      await symlink(join(allowed, "../link2"), join(allowed, "chain"));
      for (const name of ["bad", "chain"]) await expectRefused(server, join(allowed, name));
    }));

  test("to a folder outside lead no new file or folder there", () =>
    withFolders(async (allowed, target, server) => {
      await symlink(dirname(target), join(allowed, "link"));
      for (const path of ["link/newfile.txt", "link/sub/file.txt"])
        await expectRefused(server, join(allowed, path));
      const made = await server.call("create_directory", { path: join(allowed, "link/sub2") });
      expect(made.isError).toBe(true);
    }));

  test("in place of a file that was there are not written through", () =>
    withFolders(async (allowed, target, server) => {
      const path = join(allowed, "existing.txt");
      const write = (content: string) => server.call("write_file", { path, content });
      expect((await write("legitimate")).isError).toBe(false);
      expect((await server.call("delete_path", { path })).isError).toBe(false);
      await symlink(target, path);
      expect((await write("changed")).isError).toBe(true);
    }));

  test("that stay inside are followed, to read and to write", () =>
    withFolders(async (allowed, _, server) => {
      const [path, link] = [join(allowed, "target.txt"), join(allowed, "symlink.txt")];
      await writeFile(path, "before");
      await symlink(path, link);
      expect((await server.call("write_file", { path: link, content: "UPDATED" })).isError).toBe(
        false,
      );
      expect(await readFile(path, "utf8")).toBe("UPDATED");
      expect((await server.call("read_text_file", { path: link })).line).toContain("UPDATED");
    }));

  test("that are the allowed folder itself: it is known by both names", () =>
    withTempDir(async (folder) => {
      const [actual, link] = [join(folder, "actual"), join(folder, "link")];
      await place(join(actual, "file.txt"));
      await symlink(actual, link);
      for (const roots of [[link], [actual, link]])
        await withServer(roots, async (server) => {
          for (const root of [link, actual])
            expect(
              (await server.call("read_text_file", { path: join(root, "file.txt") })).line,
            ).toContain(SECRET);
          await expectRefused(server, join(folder, "other"));
        });
    }));

  test("a file that is not there yet is made once its folder is", () =>
    withFolders(async (allowed, _, server) => {
      const path = join(allowed, "subdir/newfile.txt");
      expect((await server.call("write_file", { path, content: "" })).line).toContain("not_found");
      await server.call("create_directory", { path: dirname(path) });
      expect((await server.call("write_file", { path, content: "new" })).isError).toBe(false);
    }));
});

async function withServer(roots: string[], work: (server: BuiltServer) => Promise<void>) {
  const server = await startBuilt(roots, { env: { ALLOW_WRITE: "true" } });
  try {
    await work(server);
  } finally {
    await server.stop();
  }
}

async function ask(server: BuiltServer, path: string) {
  const { line, isError } = await server.call("get_file_info", { path });
  return { line, reason: isError ? (/reason\W+(\w+)/.exec(line)?.[1] ?? "?") : "none" };
}

/** Neither read nor written nor listed, and what stands there is not told. */
async function expectRefused(server: BuiltServer, path: string): Promise<void> {
  const calls: [string, object][] = [
    ["get_file_info", { path }],
    ["read_text_file", { path }],
    ["list_directory", { path }],
    ["write_file", { path, content: "changed" }],
  ];
  for (const [tool, input] of calls) {
    const { line, isError } = await server.call(tool, input);
    expect(isError, `${tool} ${path.slice(0, 200)}`).toBe(true);
    expect(line).not.toContain(SECRET);
  }
}
