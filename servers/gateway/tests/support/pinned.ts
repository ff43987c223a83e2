import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { testFolder, writeConfig, writeServer } from "./folders.ts";
import { startWith, type TestGateway } from "./gateway.ts";

/** A server that shows what a file says: each time that it is opened, as another version would be. */
const PACKAGE = `
import { readFileSync } from "node:fs";
let said = {};
const text = (value) => ({ result: { content: [{ type: "text", text: value }] } });
export const server = {
  contract: 1,
  name: "shifting-server",
  title: "Shifting",
  version: "1.0.0",
  description: "",
  get instructions() { return said.instructions; },
  port: 0,
  features: { logging: false, completions: true, subscribe: false, listChanged: ["tools"] },
  tools: [], toolsets: {}, resources: [], resourceTemplates: [], prompts: [],
  async open({ env }) {
    said = JSON.parse(readFileSync(env.SHOWN_FILE, "utf8"));
    const { tools, resources, resourceTemplates, prompts } = said;
    const none = async () => ({ result: {} });
    return {
      tools, resources, resourceTemplates, prompts,
      call: async (name) => text("called " + name),
      read: async (uri) => ({ result: { contents: [{ uri, text: "read" }] } }),
      get: async () => ({ result: { messages: [] } }),
      complete: async () => ({ result: { completion: { values: ["completed"] } } }),
      subscribe: none, unsubscribe: none,
      health: async () => ({ status: "ok" }),
      close: async () => {},
    };
  },
};
`;

/** The same as a program of somebody else, of 2025. */
const COMMAND = `
import { readFileSync } from "node:fs";
import { createInterface } from "node:readline";
const said = JSON.parse(readFileSync(process.env.SHOWN_FILE, "utf8"));
const answers = {
  initialize: ({ protocolVersion }) => ({
    protocolVersion,
    capabilities: { tools: {}, prompts: {}, resources: {}, completions: {} },
    serverInfo: { name: "shifting-server", title: "Shifting", version: "1.0.0" },
    instructions: said.instructions,
  }),
  "tools/list": () => ({ tools: said.tools }),
  "prompts/list": () => ({ prompts: said.prompts }),
  "resources/list": () => ({ resources: said.resources }),
  "resources/templates/list": () => ({ resourceTemplates: said.resourceTemplates }),
  "tools/call": ({ name }) => ({ content: [{ type: "text", text: "called " + name }] }),
  "resources/read": ({ uri }) => ({ contents: [{ uri, text: "read" }] }),
  "prompts/get": () => ({ messages: [] }),
  "completion/complete": () => ({ completion: { values: ["completed"] } }),
  ping: () => ({}),
};
createInterface({ input: process.stdin }).on("line", (line) => {
  const { id, method, params } = JSON.parse(line);
  if (id === undefined) return;
  const answer = answers[method];
  const outcome = answer ? { result: answer(params) } : { error: { code: -32601, message: "none" } };
  console.log(JSON.stringify({ jsonrpc: "2.0", id, ...outcome }));
});
`;

/** What the server shows beside its tools. */
export interface Shown {
  tools: readonly object[];
  prompts: readonly object[];
  resources: readonly object[];
  resourceTemplates: readonly object[];
  instructions: string;
}
const NOTHING: Shown = {
  tools: [],
  prompts: [],
  resources: [],
  resourceTemplates: [],
  instructions: "",
};

export const toolOf = (name: string, description = `${name} it`, more: object = {}) => ({
  name,
  title: name,
  description,
  inputSchema: { type: "object", properties: { [name]: { type: "string" } } },
  annotations: {
    readOnlyHint: true,
    destructiveHint: false,
    idempotentHint: true,
    openWorldHint: false,
  },
  ...more,
});

export interface PinnedGateway {
  gateway: TestGateway;
  root: string;
  /** What the server shows once it is opened again. */
  setTools(tools: readonly object[]): Promise<void>;
  setShown(shown: Partial<Shown>): Promise<void>;
  /** Another gateway with the same files. */
  start(): Promise<TestGateway>;
  act(body: object, headers?: Record<string, string>): Promise<{ status: number; body: string }>;
  // biome-ignore lint/suspicious/noExplicitAny: what the state is, is what the tests find out
  state(): Promise<any>;
}

/** A gateway that pins what it shows, with one server that changes. */
export const startPinned = (tools: readonly object[], pins: object = {}): Promise<PinnedGateway> =>
  startShifting("package", { tools }, pins);

export async function startShifting(
  way: "package" | "command",
  first: Partial<Shown>,
  pins: object = {},
): Promise<PinnedGateway> {
  const root = await testFolder();
  const file = join(root, "shown.json");
  const setShown = (shown: Partial<Shown>) =>
    writeFile(file, JSON.stringify({ ...NOTHING, ...shown }));
  const setTools = (tools: readonly object[]) => setShown({ tools });
  await setShown(first);
  const script = join(root, "shifting.mjs");
  await writeFile(script, COMMAND);
  const code =
    way === "package"
      ? { package: await writeServer(root, "shifting", PACKAGE) }
      : { command: process.execPath, args: [script] };
  const config = await writeConfig(
    root,
    { shifting: { ...code, env: { SHOWN_FILE: file } } },
    { pins: { file: "pins.json", ...pins } },
  );
  const start = async () => {
    const started = await startWith(config);
    await started.ready();
    return started;
  };
  const gateway = await start();
  return {
    gateway,
    root,
    setTools,
    setShown,
    start,
    act: (body, headers = { "x-flotilla-admin": "1" }) =>
      gateway.ask("/admin/api/actions", {
        method: "POST",
        headers: { "content-type": "application/json", ...headers },
        body: JSON.stringify(body),
      }),
    state: async () => JSON.parse((await gateway.ask("/admin/api/state")).body),
  };
}
