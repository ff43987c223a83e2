import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { testFolder, writeConfig, writeServer } from "./folders.ts";
import { startWith, type TestGateway } from "./gateway.ts";

/** A server whose tools are what a file says: each time that it is opened, as another version would be. */
const CODE = `
import { readFileSync } from "node:fs";
const text = (value) => ({ result: { content: [{ type: "text", text: value }] } });
export const server = {
  contract: 1,
  name: "shifting-server",
  title: "Shifting",
  version: "1.0.0",
  description: "",
  instructions: "",
  port: 0,
  features: { logging: false, completions: false, subscribe: false, listChanged: ["tools"] },
  tools: [], toolsets: {}, resources: [], resourceTemplates: [], prompts: [],
  async open({ env }) {
    const tools = JSON.parse(readFileSync(env.TOOLS_FILE, "utf8"));
    const none = async () => ({ result: {} });
    return {
      tools, resources: [], resourceTemplates: [], prompts: [],
      call: async (name) => text("called " + name),
      read: none, get: none, complete: none, subscribe: none, unsubscribe: none,
      health: async () => ({ status: "ok" }),
      close: async () => {},
    };
  },
};
`;

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
  /** Another gateway with the same files. */
  start(): Promise<TestGateway>;
  act(body: object, headers?: Record<string, string>): Promise<{ status: number; body: string }>;
  // biome-ignore lint/suspicious/noExplicitAny: what the state is, is what the tests find out
  state(): Promise<any>;
}

/** A gateway that pins what it shows, with one server that changes. */
export async function startPinned(
  tools: readonly object[],
  pins: object = {},
): Promise<PinnedGateway> {
  const root = await testFolder();
  const file = join(root, "tools.json");
  const setTools = (list: readonly object[]) => writeFile(file, JSON.stringify(list));
  await setTools(tools);
  const folder = await writeServer(root, "shifting", CODE);
  const config = await writeConfig(
    root,
    { shifting: { package: folder, env: { TOOLS_FILE: file } } },
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
