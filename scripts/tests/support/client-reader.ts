import { readFileSync } from "node:fs";
import { parse as parseToml } from "smol-toml";

/** A server as a client would start or reach it, after it has read its own file. */
export interface Launch {
  command?: string;
  args?: string[];
  env: Record<string, string>;
  url?: string;
  headers: Record<string, string>;
}

type Env = Record<string, string | undefined>;
// biome-ignore lint/suspicious/noExplicitAny: what was read from a file, looked into by tests
type Raw = Record<string, any>;

/** Comments and trailing commas taken out by hand, so that not the library that writes reads. */
function readJson(text: string): Raw {
  const bare = text
    .replace(/^\uFEFF/, "")
    .replaceAll(/("(?:\\.|[^"\\])*")|\/\/[^\n]*|\/\*.*?\*\//gs, (_, string) => string ?? "")
    .replaceAll(/("(?:\\.|[^"\\])*")|,(?=\s*[}\]])/g, (_, string) => string ?? "");
  return JSON.parse(bare);
}

const fill = (values: Raw = {}, pattern: RegExp, env: Env): Record<string, string> =>
  Object.fromEntries(
    Object.entries(values).map(([key, value]) => [
      key,
      String(value).replaceAll(pattern, (_, name) => env[name] ?? ""),
    ]),
  );

/** `mcpServers` of command, args, env, url, headers; what a reference looks like differs. */
const plain =
  (pattern = /(?!)/g, { key = "mcpServers", address = "url", type = "" } = {}) =>
  (text: string, name: string, env: Env): Launch => {
    const entry = readJson(text)[key][name];
    if (entry[address] && type && entry.type !== type) throw new Error(`not of type ${type}`);
    return {
      ...entry,
      url: entry[address],
      env: fill(entry.env, pattern, env),
      headers: fill(entry.headers, pattern, env),
    };
  };

function readVscode(text: string, name: string, env: Env): Launch {
  const file = readJson(text);
  const entry = file.servers[name];
  if (entry.type !== (entry.url ? "http" : "stdio")) throw new Error(`type ${entry.type}`);
  const asked = new Map<string, Raw>((file.inputs ?? []).map((one: Raw) => [one.id, one]));
  const answer = (id: string) => {
    const input = asked.get(id);
    if (input?.type !== "promptString" || !input.password) throw new Error(`${id} is not asked`);
    return env[input.description] ?? "";
  };
  const resolve = (values: Raw = {}) =>
    Object.fromEntries(
      Object.entries(fill(values, /\$\{env:(\w+)\}/g, env)).map(([key, value]) => [
        key,
        value.replaceAll(/\$\{input:([\w-]+)\}/g, (_, id) => answer(id)),
      ]),
    );
  return { ...entry, env: resolve(entry.env), headers: resolve(entry.headers) };
}

function readCodex(text: string, name: string, env: Env): Launch {
  const servers = parseToml(text).mcp_servers as Raw;
  const { command, args, url, bearer_token_env_var: token, ...entry } = servers[name];
  const named = (entry.env_vars ?? []).map((one: string) => [one, env[one] ?? ""]);
  const headers = token ? { Authorization: `Bearer ${env[token]}` } : {};
  return { command, args, url, headers, env: { ...entry.env, ...Object.fromEntries(named) } };
}

/** The way of each client from its file to a server, as its documentation tells it. */
const readers: Record<string, (text: string, name: string, env: Env) => Launch> = {
  "claude-desktop": plain(),
  "claude-code": plain(/\$\{(\w+)\}/g, { type: "http" }),
  vscode: readVscode,
  cursor: plain(/\$\{env:(\w+)\}/g),
  windsurf: plain(/\$\{env:(\w+)\}/g, { address: "serverUrl" }),
  codex: readCodex,
  "gemini-cli": plain(/\$\{(\w+)\}/g, { address: "httpUrl" }),
  zed: plain(undefined, { key: "context_servers" }),
  cline: plain(undefined, { type: "streamableHttp" }),
  "copilot-cli": plain(/\$\{(\w+)\}/g, { type: "http" }),
  "lm-studio": plain(),
};

export function readAsClient(client: string, file: string, name: string, env: Env): Launch {
  const read = readers[client];
  if (!read) throw new Error(`no reader for ${client}`);
  return read(readFileSync(file, "utf8"), name, env);
}
