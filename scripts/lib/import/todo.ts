import { schemaFaults } from "../../../shared/testing/schema-rules.ts";
import { annotationFaults, wordingFaults } from "../../../shared/testing/tool-rules.ts";
import { lineAt } from "../code.ts";
import type { ListedTool } from "../standalone/raw-client.ts";
import { isRecord } from "../unknown.ts";
import { ORIGINAL } from "./copy-code.ts";
import type { ForeignServer, SourceFile } from "./source.ts";
import { HINTS } from "./write-tool.ts";

/** What an import does not do: a heading, and what is to be done where. */
export interface Todo {
  title: string;
  items: string[];
}

/** What was learnt of the imported server by running it. */
export interface Met {
  tools: ListedTool[];
  /** Names of resources, templates and prompts. */
  others: string[];
}

const PATTERNS: [title: string, pattern: RegExp][] = [
  ["Ends the process: throw a ToolError, which ends the call alone", /\bprocess\.exit(Code)?\b/g],
  [
    "Writes to stdout, which carries the protocol: use context.log",
    /\bconsole\.(log|info|debug|dir|table)\(|\bprocess\.stdout\b/g,
  ],
  [
    "Reads the command line, which no client of this server gives: make variables of it",
    /\bprocess\.argv\b/g,
  ],
  [
    "Looks for files beside itself, where the bundle has none: make a variable of the path",
    /\bimport\.meta\.(url|dirname|filename)\b|\b__dirname\b|\b__filename\b/g,
  ],
  [
    "Asks the client, which the bridge refuses: use context.ask",
    /\b(elicitInput|createMessage|listRoots)\(/g,
  ],
];

const codeOf = ({ files }: ForeignServer): SourceFile[] => files.filter(({ facts }) => facts);

/** Where it stands in the copy, which begins with a line of ours: in place of "#!", or before all. */
function at({ path, text }: SourceFile, offset: number): string {
  const line = lineAt(text, offset) + (text.startsWith("#!") ? 0 : 1);
  return `\`${ORIGINAL}/${path}:${line}\``;
}

/** All that is left to do by hand, in the order in which it hurts. */
export function todosOf(
  foreign: ForeignServer,
  met: Met,
  faults: ReturnType<typeof contractFaults>,
): Todo[] {
  const todos = [
    ...PATTERNS.map(([title, pattern]) => ({ title, items: places(foreign, pattern) })),
    { title: "Reads the environment: use context.config", items: reads(foreign) },
    { title: "Not brought over: define them in src/server.ts", items: met.others },
    {
      title: "Hints that were not stated, and are taken for the worst",
      items: unstated(met.tools),
    },
    {
      title: "Rules of every server that its tools do not keep",
      items: faults.map(({ key, message }) => `${key}: ${message}`),
    },
    { title: "Settle", items: settle(foreign) },
  ];
  return todos.filter(({ items }) => items.length > 0);
}

function places(foreign: ForeignServer, pattern: RegExp): string[] {
  return codeOf(foreign).flatMap((file) =>
    [...file.text.matchAll(pattern)].map((match) => `${at(file, match.index)} ${match[0]}`),
  );
}

const reads = (foreign: ForeignServer): string[] =>
  codeOf(foreign).flatMap((file) =>
    (file.facts?.reads ?? []).map(
      ({ name, start }) => `${at(file, start)} ${name ?? "all of process.env"}`,
    ),
  );

const unstated = (tools: readonly ListedTool[]): string[] =>
  tools.flatMap(({ name, annotations }) => {
    const hints = isRecord(annotations) ? annotations : {};
    const missing = HINTS.filter((hint) => typeof hints[hint] !== "boolean");
    const needed =
      hints.readOnlyHint === true ? missing.filter((one) => one !== "destructiveHint") : missing;
    return needed.length > 0 ? [`${name}: ${needed.join(", ")}`] : [];
  });

/** What the contract suite would say of tools as they are defined now. */
export function contractFaults(server: string, tools: readonly unknown[]) {
  return tools.flatMap((tool) => {
    // written by our own generator from a definition that types have checked
    const listing = tool as Parameters<typeof wordingFaults>[1];
    return [
      ...wordingFaults(server, listing),
      ...annotationFaults(listing),
      ...schemaFaults(listing),
    ];
  });
}

function settle({ licence, manifest, tests, sdk }: ForeignServer): string[] {
  const term = String(manifest.license ?? "none");
  return [
    licence === undefined
      ? `It came without the text of a licence; its package.json says "${term}": have it before you publish`
      : `Its licence is in LICENSE; its package.json says "${term}", and so does this one: check that both hold`,
    ...(tests > 0 ? [`${tests} test files of its own were not brought over`] : []),
    `It runs on SDK ${sdk} inside the bridge: move what a tool does out of src/original into its file in src/tools, tool by tool; when none calls the original, delete src/original, src/original.ts and the module "bridge" of flotilla.shared`,
    `Take "@ts-nocheck" out of a file before you change it, and repair what tsc says`,
    "Delete this file when it is empty",
  ];
}

export function renderTodos(name: string, from: string, todos: readonly Todo[]): string {
  const sections = todos.map(
    ({ title, items }) => `## ${title}\n\n${items.map((item) => `- [ ] ${item}`).join("\n")}\n`,
  );
  return `# What is left to do in ${name}\n\nImported from ${from}. It works as it is; this is what makes it a server like the others.\n\n${sections.join("\n")}`;
}
