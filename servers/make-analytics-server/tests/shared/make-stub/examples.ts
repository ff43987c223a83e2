// Copied from shared/make-stub/examples.ts by "pnpm shared:copy": edit it there, or keep a local change with "pnpm shared:detach".
import type { ServerModule } from "#shared/core/contract.ts";
import { type MakeStub, STUB_NOW, type StubAnswer, type StubOptions } from "./stub.ts";

/** `data` of the last answer of each tool that was called before. */
export type Answers = Readonly<Record<string, Record<string, unknown>>>;

/** A call of a tool that the tests of all tools make. */
export interface Example {
  tool: string;
  /** A function where it takes what an earlier one answered. */
  input?: object | ((before: Answers) => object);
  /** Its answer is made of figures: its answers from Make are spoilt more often. */
  figures?: true;
  /** Tools whose examples come first, because they store what this one takes. */
  needs?: readonly string[];
}

/** What the examples of a server need beside the stub. */
export interface ExampleSetting {
  server: ServerModule;
  /** What each tool says that it asks of Make. */
  tools: readonly { name: string; make: { calls: readonly string[] } }[];
  examples: readonly Example[];
  /** Further environment, which may hold the stub's address. */
  env?(stub: MakeStub): Record<string, string>;
  intercept?: StubOptions["intercept"];
}

/** A path of the stub that stands for a place that is not Make's. */
export const ELSEWHERE = "/elsewhere";

/** Far over what the examples ask, so that none waits for its turn. */
const ROOMY_LIMIT = 100_000;

/** A stub that has everything: the largest plan, and no limit that a test would wait for. */
export const roomyStub = (intercept: StubOptions["intercept"]): StubOptions => ({
  plan: "Enterprise",
  intercept: (request, usual) => {
    const answer = () => intercept?.(request, usual) ?? usual();
    return request.path === "/organizations/101" ? withLimit(answer()) : answer();
  },
});

function withLimit({ body, ...rest }: StubAnswer): StubAnswer {
  const { organization } = body as { organization: { license: object } };
  const license = { ...organization.license, apiLimit: ROOMY_LIMIT };
  return { ...rest, body: { organization: { ...organization, license } } };
}

/** The environment of a server that shows all it has. */
export const wholeEnv = (setting: ExampleSetting, stub: MakeStub, folder: string) => ({
  TOOLSETS: "all",
  MAKE_WRITES: "on",
  MAKE_STATE_DIR: `${folder}/state`,
  MAKE_BUDGET_DIR: `${folder}/budget`,
  ...stub.env,
  ...setting.env?.(stub),
});

export const inputOf = ({ input = {} }: Example, before: Answers): object =>
  typeof input === "function" ? input(before) : input;

/** `new Date()` is always the moment of the synthetic organisation, also in a process of its own; timers run on. */
export const CLOCK_ARGS: readonly string[] = [
  "--import",
  `data:text/javascript,${encodeURIComponent(`
    const Real = Date;
    globalThis.Date = class extends Real {
      constructor(...parts) { super(...(parts.length === 0 ? [${STUB_NOW.getTime()}] : parts)); }
    };`)}`,
];
