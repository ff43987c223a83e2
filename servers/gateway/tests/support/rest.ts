import { mkdtemp, realpath, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll } from "vitest";
import { ensureBuilt } from "../shared/testing/build.ts";
import { type Address, startAddress } from "./address.ts";
import { writeConfig, writeServer } from "./folders.ts";

/** A response whose body tests look into as it is. */
// biome-ignore lint/suspicious/noExplicitAny: what the body is, is what the tests find out
type Answer = Omit<Response, "json"> & { json(): Promise<any> };

export interface Rest {
  gateway: Address;
  get(path: string): Promise<Answer>;
  post(path: string, body: string, headers?: Record<string, string>): Promise<Answer>;
  call(
    server: string,
    tool: string,
    input?: object,
    headers?: Record<string, string>,
  ): Promise<Answer>;
  stop(): Promise<void>;
}

const CODE = `export { server } from ${JSON.stringify(new URL("../fixtures/typed-package.js", import.meta.url).href)};`;

export interface RestOptions {
  replicas?: number;
  /** More entries of the gateway.json. */
  more?: Record<string, object>;
  /** The gateway's own settings. */
  gateway?: object;
  /** Short only where calls without an end are made: a busy machine may need seconds for any other. */
  callTimeoutMs?: number;
}

/** A gateway, or several as one, with servers of typed tools, for all tests of a file. */
export async function startRest({
  replicas = 1,
  more = {},
  gateway = {},
  callTimeoutMs = 20_000,
}: RestOptions = {}): Promise<Rest> {
  const root = await realpath(await mkdtemp(join(tmpdir(), "gateway-rest-")));
  const typed = await writeServer(root, "typed-server", CODE);
  const config = await writeConfig(
    root,
    {
      typed: { package: typed, callTimeoutMs },
      narrow: { package: typed, maxConcurrency: 1, maxQueue: 0, callTimeoutMs: 5_000 },
      away: { package: `${root}/away` },
      filtered: { package: typed, tools: { allow: ["a*", "plain"], deny: ["plain", "ask"] } },
      prefixed: { package: typed, prefix: "renamed", callTimeoutMs },
      ...more,
    },
    gateway,
  );
  const running = await startAddress(config, replicas);
  const post: Rest["post"] = (path, body, headers = {}) =>
    fetch(new URL(path, running.url), {
      method: "POST",
      headers: { "content-type": "application/json", ...headers },
      body,
    });
  return {
    gateway: running,
    get: (path) => fetch(new URL(path, running.url)),
    post,
    call: (server, tool, input = {}, headers = {}) =>
      post(`/${server}/tools/${tool}`, JSON.stringify(input), headers),
    stop: async () => {
      await running.stop();
      await rm(root, { recursive: true, force: true });
    },
  };
}

/** The same, started before the tests of a suite and stopped after them. */
export function restOfSuite(options: RestOptions): Omit<Rest, "stop"> {
  let started: Rest;
  beforeAll(async () => {
    await ensureBuilt();
    started = await startRest(options);
  }, 60_000);
  afterAll(() => started?.stop());
  return {
    get gateway() {
      return started.gateway;
    },
    get: (...request) => started.get(...request),
    post: (...request) => started.post(...request),
    call: (...request) => started.call(...request),
  };
}
