import { rmSync } from "node:fs";
import { join } from "node:path";
import { standardVariables } from "../../../shared/core/config.ts";
import { SharedError } from "../copy/errors.ts";
import { planServer } from "../new-server.ts";
import { equip, format, generateFiles, writeServerFiles } from "../new-server-steps.ts";
import { runNode } from "../run.ts";
import { type NewServer, renderTemplate } from "../template.ts";
import { readToolsLock } from "../tools-lock.ts";
import { copiedCode, ORIGINAL } from "./copy-code.ts";
import { importedManifest } from "./manifest.ts";
import { meetOriginal } from "./meet.ts";
import { type ForeignServer, readForeign } from "./source.ts";
import { contractFaults, renderTodos, type Todo, todosOf } from "./todo.ts";
import {
  describedBy,
  renderConfig,
  renderContractTest,
  renderOriginal,
  renderReadme,
  renderServer,
  renderToolsTest,
} from "./write-files.ts";
import { nameTools, renderTool } from "./write-tool.ts";

export interface ImportOptions {
  root: string;
  folder: string;
  name?: string | undefined;
  entry?: string | undefined;
  /** Variables without which the original does not start; the values go into a test. */
  env: Readonly<Record<string, string>>;
  /** JSON of a call that succeeds with no variable set: { "tool", "input" }. */
  example?: string | undefined;
  write(line: string): void;
}

/** Brings a server on SDK 1.x or 2.x into the layout; returns what is left to do by hand. */
export async function importServer(options: ImportOptions): Promise<Todo[]> {
  const foreign = readForeign(options.folder, options.entry);
  const from = `${String(foreign.manifest.name)} ${String(foreign.manifest.version ?? "")}`.trim();
  const name = options.name ?? nameFor(String(foreign.manifest.name));
  const server = planServer(options.root, { name, shared: ["bridge"] });
  try {
    return await bringOver(options, server, foreign, from);
  } catch (error) {
    // else the name would be taken when it is tried again
    rmSync(join(options.root, "servers", name), { recursive: true, force: true });
    throw error;
  }
}

async function bringOver(
  { root, write, env, example }: ImportOptions,
  server: NewServer,
  foreign: ForeignServer,
  from: string,
): Promise<Todo[]> {
  const { name } = server;
  const variables = variablesIn(foreign);
  const unknown = writeCode(root, server, foreign, example);
  write(`written servers/${name}: ${foreign.files.length} files of ${from}, on SDK ${foreign.sdk}`);
  await equip(root, server, write);
  await markTypeImports(root, name);
  const met = await meetOriginal(join(root, "servers", name), env);
  const tools = nameTools(met.tools);
  const files = new Map<string, string>([
    ["src/server.ts", renderServer(tools, met.instructions, variables.length > 0)],
    ["tests/tools.test.ts", renderToolsTest(env)],
    ...tools.map((tool): [string, string] => [`src/tools/${tool.file}.ts`, renderTool(tool)]),
  ]);
  if (variables.length > 0) files.set("src/config.ts", renderConfig(variables));
  writeServerFiles(root, name, files);
  write(`written ${met.tools.length} tools, ${variables.length} variables`);
  await generateFiles(root, name, write);
  const faults = contractFaults(name, readToolsLock(join(root, "servers", name)).tools);
  const todos = [...todosOf(foreign, met, faults), ...unknown];
  if (example !== undefined) {
    const keys = faults.map(({ key }) => key);
    const test = renderContractTest(example, variables.length > 0, keys);
    writeServerFiles(root, name, new Map([["tests/contract.test.ts", test]]));
  } else todos.push(withoutContract);
  writeServerFiles(root, name, new Map([["IMPORT.md", renderTodos(name, from, todos)]]));
  await format(root, name);
  return todos;
}

const withoutContract: Todo = {
  title: "Not tested",
  items: [
    "The contract of every server needs a call that succeeds with no variable set: write tests/contract.test.ts after that of greet-server, and name the call in flotilla.example",
  ],
};

/** "@scope/server-memory", "tavily-mcp" and "brave-search-mcp-server" as names of folders. */
export function nameFor(name: string): string {
  const words = name
    .replace(/^@[^/]+\//, "")
    .toLowerCase()
    .split(/[^a-z\d]+/)
    .filter((word) => word !== "" && word !== "mcp" && word !== "server");
  return [...words, "server"].join("-");
}

/** Variables that its code names; those of the operating system say nothing about it. */
function variablesIn({ files }: ForeignServer): string[] {
  const names = files.flatMap(({ facts }) => (facts?.reads ?? []).map((read) => read.name));
  const own = names.flatMap((name) => (name && /^[A-Z][A-Z0-9_]*$/.test(name) ? [name] : []));
  return [...new Set(own)].filter((name) => !TAKEN.has(name)).sort();
}

/** Set by the system, or read by every server already. */
const SYSTEM = ["PATH", "HOME", "USERPROFILE", "APPDATA", "TEMP", "TMP", "TMPDIR", "NODE_ENV"];
const TAKEN = new Set([...SYSTEM, ...Object.keys(standardVariables)]);

/** Writes what does not depend on its tools; returns what its package.json leaves open. */
function writeCode(
  root: string,
  server: NewServer,
  foreign: ForeignServer,
  example: string | undefined,
): Todo[] {
  const { name } = server;
  const files = renderTemplate(root, server);
  for (const path of files.keys())
    if (/^(src\/(tools\/|server\.ts)|tests\/|README\.md|pnpm-lock\.yaml)/.test(path))
      files.delete(path);
  const { manifest, open } = importedManifest(
    JSON.parse(files.get("package.json") ?? "{}"),
    foreign,
    example,
  );
  files.set("package.json", `${JSON.stringify(manifest, null, 2)}\n`);
  files.set(
    "README.md",
    renderReadme(name, describedBy(foreign.manifest), String(foreign.manifest.name)),
  );
  files.set("src/original.ts", renderOriginal(foreign.entry));
  if (foreign.licence !== undefined) files.set("LICENSE", foreign.licence);
  for (const [path, text] of copiedCode(foreign)) files.set(path, text);
  writeServerFiles(root, name, files);
  return open.length > 0 ? [{ title: "Packages to add by hand", items: open }] : [];
}

/**
 * Imports that only name types must say so, because files are run one by one: a name that is a type
 * elsewhere would be looked for and not found.
 */
async function markTypeImports(root: string, name: string): Promise<void> {
  const biome = join(root, "node_modules", "@biomejs", "biome", "bin", "biome");
  const folder = join(root, "servers", name);
  const settings = join(folder, ".import-settings");
  writeServerFiles(root, name, new Map([[".import-settings/biome.json", '{ "root": true }']]));
  try {
    const args = ["lint", `--config-path=${settings}`, "--only=style/useImportType", "--write"];
    const { output, code } = await runNode([biome, ...args, join(folder, ORIGINAL)], {
      cwd: settings,
    });
    if (code === null) throw new SharedError(output);
  } finally {
    rmSync(settings, { recursive: true, force: true });
  }
}
