import { mkdir, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { StartError } from "#shared/core/lifecycle.ts";
import { loadEnvironment, ownEnvFile } from "#shared/mcp/environment.ts";
import { withTempDir } from "#shared/testing/temp-dir.ts";

test.each([
  ["dist/stdio.js", "bundled"],
  ["dist/stdio.cjs", "bundled for a quicker start"],
  ["dist/chunks/main-D2x_.js", "a part of a bundle"],
  ["src/shared/mcp/environment.ts", "source"],
])("the file of variables stands beside package.json: %s, %s", (file) => {
  expect(ownEnvFile(`file:///srv/dist/src/a%20server/${file}`)?.href).toBe(
    "file:///srv/dist/src/a%20server/.env",
  );
});

test.each(["file:///home/me/src/flotilla/shared/mcp/environment.ts", "file:///dist/x/lib.js"])(
  "there is none where no server is: %s",
  (file) => expect(ownEnvFile(file)).toBeUndefined(),
);

test("a variable that is set wins over the file", () =>
  withTempDir(async (folder) => {
    await writeFile(join(folder, ".env"), "A=file\nB='of it'\n");
    expect(loadEnvironment({ A: "set" }, folder)).toEqual({ A: "set", B: "of it" });
  }));

test.each([{ K_SERVICE: "cloud" }, { NODE_ENV: "test" }])("no file is read with %o", (env) =>
  withTempDir(async (folder) => {
    await writeFile(join(folder, ".env"), "A=file\n");
    expect(loadEnvironment(env, folder)).toEqual(env);
  }),
);

test("no file, or a folder in its place, adds nothing", () =>
  withTempDir(async (folder) => {
    expect(loadEnvironment({ A: "set" }, folder)).toEqual({ A: "set" });
    await mkdir(join(folder, ".env"));
    expect(loadEnvironment({ A: "set" }, folder)).toEqual({ A: "set" });
  }));

test("a file that cannot be read stops the start in plain words", () =>
  withTempDir(async (folder) => {
    await symlink(".env", join(folder, ".env"));
    expect(() => loadEnvironment({}, folder)).toThrow(StartError);
    expect(() => loadEnvironment({}, folder)).toThrow(/^A file of variables cannot be read: ELOOP/);
  }));
