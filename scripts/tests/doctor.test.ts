import { rmSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { hashSources, writeStamp } from "../lib/build/stamp.ts";
import { rulesWith } from "../lib/doctor/doctor.ts";
import { doctor, expectFault, healthy } from "./support/healthy-server.ts";
import { tempFolder, writeFiles } from "./support/temp-folder.ts";

test("finds nothing wrong with a server that keeps to the list", async () => {
  const { faults, warnings, text } = await doctor(healthy());
  expect(text).not.toMatch(/FAULT|warning/);
  expect([faults, warnings]).toEqual([0, 0]);
  expect(text.match(/^(ok|skipped) /gm)).toHaveLength(11);
});

test("tells what the checklist has of some words", () => {
  expect(rulesWith("imported")).toEqual([
    "nothing is imported from outside the folder",
    "it is imported alone, in an empty environment",
  ]);
  expect(rulesWith("built from")).toHaveLength(1);
  expect(rulesWith("nosuch")).toEqual([]);
});

test("a server that is not built, or was built from something else", async () => {
  const bare = healthy();
  rmSync(join(bare.dir, "dist"), { recursive: true });
  const { text, faults } = await doctor(bare);
  expect(text).toContain("dist has no server.js, stdio.cjs\n        cure: run pnpm build wind");
  expect(text).toContain("skipped wind-server  it starts within its budget: it is not built");
  expect(faults).toBe(1);
  const stale = healthy();
  writeFiles(stale.dir, { "src/new.ts": "1;" });
  expect(await doctor(stale, "documented")).toMatchObject({ faults: 0, warnings: 1 });
});

test.each([
  "workspace:*",
  "catalog:",
  "file:../x",
  "link:../x",
  "../x",
  "github:a/b",
  "https://x/y.tgz",
  "a/b",
  "git+ssh://x/y",
])("a dependency that is %s", async (range) => {
  const server = healthy({}, (manifest) => {
    manifest.dependencies = { "@scope/x": range };
  });
  const message = `dependencies: "@scope/x" is "${range}"`;
  await expectFault(server, "dependencies come from the registry", message, "write out a range");
});

test("ranges of the registry are no fault", async () => {
  const ranges = [
    "1.2.3",
    "^1.2.3",
    ">=20.19 <23 || ^25",
    "1.x",
    "*",
    "npm:@a/b@^1.0.0",
    "1.0.0-rc.1+b",
  ];
  const devDependencies = Object.fromEntries(ranges.map((range, index) => [`p${index}`, range]));
  const server = healthy({ "src/server.ts": "" }, (manifest) => {
    manifest.devDependencies = devDependencies;
  });
  expect((await doctor(server, "registry")).text).toContain(
    "ok      wind-server  dependencies come",
  );
});

test("a lockfile that is missing", async () => {
  const server = healthy();
  rmSync(join(server.dir, "pnpm-lock.yaml"));
  writeStamp(server.dir, hashSources(server.dir));
  await expectFault(
    server,
    "versions are pinned",
    /no pnpm-lock\.yaml/,
    "run npx -y pnpm@12 install",
  );
});

test.each([
  ["type", undefined, '"type" is not "module"'],
  ["bin", { wind: "src/stdio.ts" }, "no command \\(bin\\) of it is in dist"],
  ["files", ["src"], "dist is not among the files"],
])("a package.json whose %s is wrong", async (key, value, message) => {
  const server = healthy({ "dist/package.json": '{"type":"module"}' }, (manifest) => {
    manifest[key] = value;
  });
  await expectFault(server, "package.json starts what is built", new RegExp(message), "add ");
});

test.each([
  [
    "src/a.ts",
    'import { x } from "../../other-server/src/x.ts";',
    /src\/a\.ts imports "\.\.\/\.\.\/other/,
  ],
  ["src/a.ts", 'type X = import("../../x.ts").X;', /imports "\.\.\/\.\.\/x\.ts"/],
  ["src/a.ts", 'const x = await import("/opt/x.js");', /imports "\/opt\/x\.js"/],
  ["tests/a.test.ts", 'export * from "../../../shared/x.ts";', /tests\/a\.test\.ts imports/],
  [
    "tsconfig.json",
    '{ "extends": "../../tsconfig.base.json" }',
    /tsconfig\.json names "\.\.\/\.\./,
  ],
])("an import from outside, in %s", async (path, text, message) => {
  const cure = path.endsWith("json") ? "keep a copy" : "copy it into the folder";
  await expectFault(healthy({ [path]: text }), "nothing is imported from outside", message, cure);
});

test.skipIf(process.platform === "win32")("a link out of the folder", async () => {
  const server = healthy();
  symlinkSync(tempFolder(), join(server.dir, "linked"));
  await expectFault(
    server,
    "nothing is imported from outside",
    /linked is a link out/,
    "put the file",
  );
});

test("a package that package.json does not name", async () => {
  const server = healthy({
    "src/a.ts": 'import x from "@scope/thing/deep";\nimport "node:fs";\nc.require("A_KEY");',
  });
  await expectFault(
    server,
    "what it imports is in its",
    /"@scope\/thing"/,
    "run npx -y pnpm@12 add",
  );
});

test.each([
  "const key = process.env.WIND_SECRET;",
  'const key = process.env["WIND_SECRET"];',
  "const { WIND_SECRET } = process.env;",
])("a variable that no document tells of: %s", async (read) => {
  const server = healthy({
    "src/a.ts": `\nconst path = process.env.PATH;\n${read} // not process.env.OTHER`,
  });
  const message = /src\/a\.ts:3 reads WIND_SECRET,/;
  await expectFault(server, "every variable goes through", message, "declare WIND_SECRET in src");
});

test("the whole environment, read by a file that is no entry", async () => {
  const all = "const all = { ...process.env };";
  const server = healthy({ "src/http.ts": all, "src/wind/a.ts": all });
  const message = /src\/wind\/a\.ts:1 reads process\.env,/;
  await expectFault(server, "every variable goes through", message, "declare its variables");
});

test("a document that leaves a variable out", async () => {
  const server = healthy({ "README.md": "WIND_KEY and WIND_UNITS" });
  const message = /README\.md does not tell of WIND_UNIT\n/;
  await expectFault(server, "every variable is documented", message, "run pnpm generate wind");
});
