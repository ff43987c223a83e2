// Copied from shared/testing/options.ts by "pnpm shared:copy": edit it there, or keep a local change with "pnpm shared:detach".
import { type ConfigDefinition, defineConfig } from "#shared/core/config.ts";
import type { ServerModule } from "#shared/core/contract.ts";
import type { ProcessOptions } from "./process.ts";

/** A call of one of the server's tools. */
export interface Example {
  tool: string;
  input: Record<string, unknown>;
}

export interface SlowExample extends Example {
  /** Whether it reports progress before it ends. */
  progress?: boolean;
}

type Entry = Pick<ProcessOptions, "entry" | "nodeArgs">;

export interface ContractOptions {
  /** A call that succeeds. Absent: a tool that needs no input, or whose schema has examples. */
  example?: Example;
  /** Input that the example's tool refuses. Absent: made from its schema. */
  badInput?: Record<string, unknown>;
  /** A call that runs for minutes unless it is cancelled. Absent: cancelling is not tested. */
  slowExample?: SlowExample;
  /** What the server's `defineServer` takes; its secrets are looked for in all that the server says. */
  config?: ConfigDefinition;
  /** What the examples need beside an empty environment. */
  env?: Readonly<Record<string, string>>;
  /** Valid values for secrets that must have a form; each holds the word CANARY somewhere. */
  secretValues?: Readonly<Record<string, string>>;
  /** Largest `tools/list`, in bytes of JSON. */
  maxListBytes?: number;
  /**
   * Faults that are meant, each with its reason: `{ "echoHai name": "older than the rule" }`. The
   * key is what the failing test prints; one that excuses nothing fails too.
   */
  exceptions?: Readonly<Record<string, string>>;
  /** Where the processes start; the built files unless told otherwise. */
  entries?: { stdio: Entry; http: Entry };
}

/** What the tests of one server share. */
export interface Contract extends Required<Omit<ContractOptions, "slowExample">> {
  server: TestableServer;
  slowExample: SlowExample | undefined;
}

export type TestableServer = ServerModule & { fetch?(request: Request): Promise<Response> };

/** About 3,500 tokens: what a server takes of every conversation before it is used. */
export const MAX_LIST_BYTES = 14 * 1024;

export function resolveOptions(server: TestableServer, options: ContractOptions): Contract {
  const example = options.example ?? inferExample(server);
  return {
    config: defineConfig({}),
    env: {},
    secretValues: {},
    maxListBytes: MAX_LIST_BYTES,
    exceptions: {},
    entries: { stdio: { entry: "dist/stdio.cjs" }, http: { entry: "dist/http.js" } },
    ...options,
    server,
    example,
    badInput: options.badInput ?? spoil(server, example),
    slowExample: options.slowExample,
  };
}

interface Property {
  type?: unknown;
  examples?: unknown[];
  default?: unknown;
}

interface InputSchema {
  properties?: Record<string, Property>;
  required?: string[];
}

const inputOf = (server: ServerModule, tool: string): InputSchema | undefined =>
  server.tools.find(({ listing }) => listing.name === tool)?.listing.inputSchema;

function inferExample(server: ServerModule): Example {
  for (const { listing } of server.tools) {
    const { properties = {}, required = [] }: InputSchema = listing.inputSchema;
    const input = required.map((name) => [name, properties[name]?.examples?.[0]] as const);
    if (input.every(([, value]) => value !== undefined))
      return { tool: listing.name, input: Object.fromEntries(input) };
  }
  throw new TypeError(
    "No tool of this server can be called without being told how: describeContract needs `example`.",
  );
}

/** The example with its first typed property of another type. */
function spoil(server: ServerModule, { tool, input }: Example): Record<string, unknown> {
  const typed = Object.entries(inputOf(server, tool)?.properties ?? {}).find(
    ([, { type }]) => typeof type === "string",
  );
  if (typed) return { ...input, [typed[0]]: wrongFor(typed[1].type) };
  throw new TypeError(`No input of ${tool} is plainly wrong: describeContract needs \`badInput\`.`);
}

/** A value that no schema of this type takes. */
export const wrongFor = (type: unknown): unknown => (type === "object" ? 7 : { wrong: true });
