import { parse } from "@humanwhocodes/momoa";
import * as z from "zod";
import { ToolError } from "#shared/core/errors.ts";
import * as field from "#shared/make-api/fields.ts";
import { toolsOf } from "#shared/make-api/tool.ts";
import {
  ALL_SECTIONS,
  appName,
  appVersion,
  COMPONENTS,
  hashOf,
  PLAIN_SECTIONS,
  partName,
  READS,
  readSection,
  WRITES,
  writeSection,
} from "../domain/app-code.ts";
import { COMPONENT_LISTS, diffTrees, exportApp } from "../domain/app-export.ts";

const tool = toolsOf("sdk");

const MAX_CODE = 500_000;
const MAX_FILES = 2_000;
const MAX_PATH = 300;

const place = {
  app: appName,
  version: appVersion,
  component: z.enum(COMPONENTS).describe("What the code belongs to"),
  name: partName.optional(),
  section: z.enum(ALL_SECTIONS).describe("Which code of it"),
};
const hash = z
  .string()
  .regex(/^[0-9a-f]{64}$/)
  .max(64);

const sdkCodeGet = tool({
  name: "sdk_code_get",
  title: "Read code of a custom app",
  description:
    "One section of the code of a custom app: api, parameters, interface, code and so on.",
  access: "read",
  sources: ["api"],
  calls: READS,
  input: place,
  output: { code: z.string().describe("The code"), hash: z.string().describe("SHA-256 of it") },
  async run(place, make) {
    const code = await readSection(make, place);
    return { code, hash: hashOf(code) };
  },
});

const sdkCodeSet = tool({
  name: "sdk_code_set",
  title: "Write code of a custom app",
  description: "Replace one section of the code of a custom app, after its syntax was checked.",
  access: "destroy",
  sources: ["api"],
  calls: [...READS, ...WRITES],
  idempotent: true,
  input: {
    ...place,
    code: z.string().max(MAX_CODE).describe("The new code, whole"),
    expectedHash: hash.optional().describe("Hash of sdk_code_get: changed since, nothing is done"),
  },
  output: {
    change: z.unknown().describe("Make's record of the change"),
    hash: z.string().describe("SHA-256 of the new code"),
  },
  async run({ code, expectedHash, ...place }, make) {
    checkSyntax(place.section, code);
    const before = await readSection(make, place);
    if (expectedHash !== undefined && hashOf(before) !== expectedHash)
      throw new ToolError("CONFLICT", "The code was changed since it was read. Read it again.", {
        details: { hash: hashOf(before) },
      });
    make.confirmed({ replaces: before, hash: hashOf(before), same: before === code });
    return { change: await writeSection(make, place, code), hash: hashOf(code) };
  },
});

/** Make takes broken code and fails when it runs. */
function checkSyntax(section: string, code: string): void {
  if (PLAIN_SECTIONS.has(section)) return;
  try {
    parse(code, { mode: "jsonc", allowTrailingCommas: true });
  } catch (error) {
    const where = error instanceof Error ? error.message : String(error);
    throw new ToolError("VALIDATION_ERROR", `The code is no JSON with comments: ${where}.`);
  }
}

const sdkRpcTest = tool({
  name: "sdk_rpc_test",
  title: "Run an RPC of a custom app",
  description: "Run an RPC of a custom app with data; it asks the service behind the app.",
  access: "write",
  sources: ["api"],
  calls: ["POST /sdk/apps/{appName}/{appVersion}/rpcs/{partName}"],
  outside: true,
  input: {
    app: appName,
    version: appVersion,
    rpc: partName,
    data: field.anyObject("Its parameters").default({}),
  },
  output: { result: z.unknown().describe("What it returned") },
  async run({ app, version, rpc, data }, make) {
    const path = { appName: app, appVersion: version, partName: rpc };
    const key = "POST /sdk/apps/{appName}/{appVersion}/rpcs/{partName}";
    return { result: await make.write(key, { path, body: { data } }) };
  },
});

const whole = { app: appName, version: appVersion, maxCalls: field.maxCalls };

const sdkAppExport = tool({
  name: "sdk_app_export",
  title: "Export a custom app",
  description:
    "The code of a custom app as files for git; its common data, which holds secrets, stays out.",
  access: "read",
  sources: ["api", "computed"],
  calls: [...COMPONENT_LISTS, ...READS],
  scan: true,
  input: whole,
  output: { files: field.row("Text by path"), count: z.int().min(0).describe("Files") },
  async run(app, make) {
    const files = await exportApp(make, app);
    return { files, count: Object.keys(files).length };
  },
});

const sdkAppDiff = tool({
  name: "sdk_app_diff",
  title: "Compare a custom app",
  description: "Files of sdk_app_export, as they are now in git, against the app at Make.",
  access: "read",
  sources: ["api", "computed"],
  calls: [...COMPONENT_LISTS, ...READS],
  scan: true,
  input: {
    ...whole,
    tree: z
      .record(z.string().max(MAX_PATH), z.string().max(MAX_CODE).describe("Text"))
      .refine((tree) => Object.keys(tree).length <= MAX_FILES, `more than ${MAX_FILES} files`)
      .meta({ maxProperties: MAX_FILES })
      .describe("Text by path"),
  },
  output: {
    same: z.boolean().describe("Whether nothing differs"),
    added: z.array(z.string()).describe("Only in the files given"),
    removed: z.array(z.string()).describe("Only at Make"),
    changed: z.array(z.string()).describe("In both, and different"),
  },
  async run({ tree, ...app }, make) {
    return { ...diffTrees(await exportApp(make, app), tree) };
  },
});

export const sdk = [sdkCodeGet, sdkCodeSet, sdkRpcTest, sdkAppExport, sdkAppDiff];
