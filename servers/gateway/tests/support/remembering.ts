import { cp, mkdir, mkdtemp, readdir, readFile, stat, utimes, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { JsonObject } from "#shared/core/contract.ts";
import { digestOf } from "../../src/pins/digest.ts";
import { SETTLED_MS } from "../../src/remembered/inputs.ts";
import { type Era, initializeParams } from "../shared/testing/messages.ts";
import { startProcess } from "../shared/testing/process.ts";
import { type RawStdio, speak } from "../shared/testing/stdio.ts";
import { writeConfig, writeServer } from "./folders.ts";

const hints = { destructiveHint: false, idempotentHint: true, openWorldHint: false };

export const listing = (name: string, readOnlyHint = true) => ({
  name,
  title: name,
  description: `${name} as locked`,
  inputSchema: { type: "object", properties: {} },
  annotations: { readOnlyHint, ...hints },
});

const variables = {
  READ_ONLY: { kind: "flag", default: false },
  TOOLSETS: { kind: "text" },
  TOKEN: { kind: { pattern: "^t-" }, secret: true },
  ACCOUNT_NAME: { kind: "text", family: true },
};

/** When lock files say that they were written: seconds, because finer times cannot be set again. */
export const WRITTEN_AT = 1_000;

const OPENS_NEVER = "export const server = { contract: 1, open: () => new Promise(() => {}) };";

/** A server whose lists are known from its lock file. */
export async function writeLocked(
  root: string,
  name: string,
  listings = [listing("read"), listing("write", false)],
): Promise<string> {
  // it never opens: once it has, its own list would be told, and a busy client asks late
  const folder = await writeServer(root, name, OPENS_NEVER);
  const features = { logging: false, completions: false, subscribe: false, listChanged: [] };
  const about = { name, title: name, version: "1.0.0", description: "", instructions: "", port: 1 };
  const tools = listings.map((one) => ({ ...one, hash: digestOf(one) }));
  const lock = { ...about, features, variables, toolsets: {}, tools, prompts: [] };
  const file = join(folder, "tools.lock.json");
  await writeFile(file, JSON.stringify(lock));
  await utimes(file, WRITTEN_AT, WRITTEN_AT);
  return folder;
}

/** A built gateway, and the folders that it works in and keeps things in. */
export interface Site {
  root: string;
  entry: string;
  cwd: string;
  cache: string;
}

export async function writeSite(base: string): Promise<Site> {
  const root = await mkdtemp(join(base, "site-"));
  const cwd = join(root, "cwd");
  await mkdir(cwd);
  return { root, cwd, cache: join(root, "cache"), entry: resolve("dist/stdio.cjs") };
}

/** The same with a copy of the built gateway, which mounts what stands beside it in `servers`. */
export async function writeOwnSite(base: string): Promise<Site & { servers: string }> {
  const site = await writeSite(base);
  const servers = join(site.root, "servers");
  const gateway = join(servers, "gateway");
  const filter = (file: string) => !file.endsWith("docs");
  await cp("dist", join(gateway, "dist"), { recursive: true, filter });
  await cp("package.json", join(gateway, "package.json"));
  await writeLocked(servers, "alpha");
  return { ...site, servers, entry: join(gateway, "dist", "stdio.cjs") };
}

/** A site with a gateway.json that refers to a variable and to a file. */
export async function writeConfigured(base: string, gateway: object = {}, entry: object = {}) {
  const site = await writeSite(base);
  const alpha = await writeLocked(site.root, "alpha");
  const secret = join(site.root, "secret");
  await writeFile(secret, "first");
  const mounts = (more: object = {}) => ({
    alpha: {
      package: alpha,
      // biome-ignore lint/suspicious/noTemplateCurlyInString: the file's own syntax
      env: { FROM_ENV: "${env:REFERRED}", FROM_FILE: "${file:secret}" },
      ...entry,
      ...more,
    },
  });
  const config = await writeConfig(site.root, mounts(), gateway);
  const env: Env = { GATEWAY_CONFIG: config, REFERRED: "first", TOKEN: "t-1" };
  return { ...site, alpha, secret, env, mounts };
}

export type Configured = Awaited<ReturnType<typeof writeConfigured>>;

/** Waits until nothing that was written so far may change unseen. */
export const settle = () => sleep(SETTLED_MS + 100);

export type Env = Readonly<Record<string, string>>;

export function begin(site: Site, env: Env = {}, era: Era = "legacy", nodeArgs: string[] = []) {
  const { entry, cwd, cache } = site;
  const given = { XDG_CACHE_HOME: cache, ...env };
  return speak(startProcess({ entry, cwd, nodeArgs, env: given }), era);
}

/** What a client of an era asks first, and the answers as they came. */
export async function askFirst(raw: RawStdio, era: Era = "legacy"): Promise<string[]> {
  if (era === "legacy") {
    await raw.request("initialize", initializeParams);
    raw.notify("notifications/initialized");
    await raw.request("ping");
  } else await raw.request("server/discover");
  await raw.request("tools/list");
  return [...raw.stdout.all];
}

export async function leave(raw: RawStdio): Promise<void> {
  raw.stdin.end();
  await raw.exit();
}

/** A start from its first message to its end. */
export async function visit(site: Site, env?: Env, era?: Era, nodeArgs?: string[]) {
  const raw = begin(site, env, era, nodeArgs);
  const answers = await askFirst(raw, era);
  await leave(raw);
  return answers;
}

/** The names of the tools that were listed. */
export function namesIn(answers: readonly string[]): string[] {
  const { result } = JSON.parse(answers.at(-1) ?? "") as { result: { tools: JsonObject[] } };
  return result.tools.map(({ name }) => String(name));
}

const folderOf = ({ cache }: Site) => join(cache, "flotilla-gateway");

export async function memoriesOf(site: Site): Promise<string[]> {
  const names = await readdir(folderOf(site)).catch(() => []);
  return names.map((name) => join(folderOf(site), name));
}

export async function memoryOf(site: Site) {
  const [file = "", ...others] = await memoriesOf(site);
  if (others.length > 0) throw new Error("There is more than one memory");
  const { mode } = await stat(file);
  return { file, mode, text: await readFile(file, "utf8") };
}

const MARK = "from memory";

/** Marks a memory, so that an answer tells where it is from. */
export async function mark(site: Site): Promise<void> {
  const { file, text } = await memoryOf(site);
  const memory = JSON.parse(text);
  memory.answers.title = MARK;
  await writeFile(file, JSON.stringify(memory));
}

export const isMarked = (answers: readonly string[]): boolean =>
  answers[0]?.includes(`"title":"${MARK}"`) === true;
