import attacks from "../fixtures/attacks.json" with { type: "json" };

export interface Setup {
  type: string;
  path?: string;
  content?: string;
  target?: string;
  mode?: string;
  size?: number;
  depth?: number;
  a?: string;
  b?: string;
  us?: number;
}

export interface Expectation {
  outcome?: string;
  mustContain?: string[];
  mustNotContain?: string[];
  maxMs?: number;
  maxRssMB?: number;
}

export interface AttackCall {
  op: string;
  args: Record<string, unknown>;
  repeat?: number;
  concurrency?: number;
  timeoutMs?: number;
  expect?: Expectation;
}

export interface AttackCase {
  id: string;
  title: string;
  platforms?: string[];
  setup?: Setup[];
  calls: AttackCall[];
  expect: Expectation;
}

/** Operations of the collection and the tools that do them here; the others do not exist yet. */
export const BINDING: Record<string, (args: Record<string, unknown>) => [string, object]> = {
  read: ({ path }) => ["read_text_file", { path }],
  read_head: ({ path, lines }) => ["read_text_file", { path, head: lines }],
  read_tail: ({ path, lines }) => ["read_text_file", { path, tail: lines }],
  list: ({ path }) => ["list_directory", { path }],
  search_name: ({ path, pattern }) => ["search_files", { path, pattern }],
};

/** What only a Windows disk has. The other cases of Windows hold everywhere: the names are refused. */
const NEEDS_WINDOWS = ["F-WIN-14", "F-WIN-16"];

const runsHere = ({ id, platforms = [process.platform] }: AttackCase) =>
  platforms.includes(process.platform) ||
  (platforms.includes("win32") && !NEEDS_WINDOWS.includes(id));

const all: AttackCase[] = attacks.cases;

export const casesHere = all.filter(runsHere);
export const skippedCases = all.filter((one) => !runsHere(one));
export const baseFixture: Setup[] = attacks.fixture;

/** Puts the folders of this run, and whatever else a placeholder stands for, into a case. */
export function fillIn<T>(value: T, names: Readonly<Record<string, string>>): T {
  if (typeof value === "string") {
    const filled = value
      .replace(/\$\{(\w+)\}/g, (whole, name: string) => names[name] ?? whole)
      .replace(/\$\{REPEAT:(\d+):([^}]*)\}/g, (_, count, text: string) =>
        text.repeat(Number(count)),
      );
    return filled as T;
  }
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map((item: unknown) => fillIn(item, names)) as T;
  const entries = Object.entries(value).map(([key, item]) => [key, fillIn(item, names)]);
  return Object.fromEntries(entries) as T;
}
