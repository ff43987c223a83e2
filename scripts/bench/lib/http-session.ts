import { isRecord } from "../../lib/unknown.ts";
import {
  type Era,
  encode,
  headersFor,
  listing,
  opened,
  opening,
  type Request,
  type ToolCall,
} from "./messages.ts";
import { createWire, type Wire } from "./wire.ts";
import type { Answer } from "./wire-parse.ts";

/** Seven digits, so that requests differ and have one length. */
export const FIRST_ID = 1_000_000;

export interface HttpSession {
  /** For an id of seven digits the bytes of this request on the wire. */
  prepare(request: Request): (id: number) => string;
  tools: unknown[];
}

/** Opens a session as a client of the era does, and lists the tools. */
export async function openSession(
  url: string,
  era: Era,
  more: Record<string, string> = {},
): Promise<HttpSession> {
  const target = new URL(url);
  const wire = createWire(Number(target.port));
  try {
    const first = await wire.send(toHttp(target, era, opening(era), more)(FIRST_ID));
    resultIn(first, "the opening");
    const own = { ...more, ...sessionHeader(first.headers.get("mcp-session-id")) };
    const prepare = (request: Request) => toHttp(target, era, request, own);
    const notice = opened(era);
    if (notice) await notify(wire, target, notice, own);
    const { tools } = resultIn(await wire.send(prepare(listing(era))(FIRST_ID + 1)), "tools/list");
    // a gateway listens before it knows what is behind it
    if (!Array.isArray(tools) || tools.length === 0) throw new Error("it lists no tool");
    return { prepare, tools };
  } finally {
    wire.close();
  }
}

async function notify(
  wire: Wire,
  target: URL,
  body: string,
  more: Record<string, string>,
): Promise<void> {
  const headers = { ...headersFor("2025", { method: "", params: {} }), ...more };
  await wire.send(`${head(target, headers, Buffer.byteLength(body))}${body}`);
}

const sessionHeader = (session?: string) => (session ? { "mcp-session-id": session } : {});

function head(target: URL, headers: Record<string, string>, length: number): string {
  const all = { host: target.host, ...headers, "content-length": String(length) };
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}`);
  return [`POST ${target.pathname} HTTP/1.1`, ...lines, "", ""].join("\r\n");
}

function toHttp(target: URL, era: Era, request: Request, more: Record<string, string>) {
  const headers = { ...headersFor(era, request), ...more };
  const [before = "", after = ""] = encode(FIRST_ID, request).split(String(FIRST_ID));
  const length = Buffer.byteLength(before + after) + String(FIRST_ID).length;
  const start = head(target, headers, length) + before;
  return (id: number) => `${start}${id}${after}`;
}

/** The data lines of an event stream; no server of the benchmark breaks a message into several. */
const dataOf = (stream: string) =>
  [...stream.matchAll(/^data: ?(\{.*)$/gm)].map(([, data = ""]) => data);

/** The result in an answer; throws on anything else. */
export function resultIn({ status, headers, body }: Answer, what: string): Record<string, unknown> {
  if (status !== 200) throw new Error(`${what}: HTTP ${status} ${body.slice(0, 150)}`);
  const isStream = headers.get("content-type")?.startsWith("text/event-stream");
  const texts = isStream ? dataOf(body) : [body];
  const messages = texts.map((text): unknown => JSON.parse(text));
  const answer = messages.find((one) => isRecord(one) && ("result" in one || "error" in one));
  if (isRecord(answer) && isRecord(answer.result)) return answer.result;
  throw new Error(`${what}: ${body.slice(0, 150)}`);
}

/** The first tool as a call that every server of the benchmark understands. */
export function greetingOf(tools: readonly unknown[], key = "name"): ToolCall {
  const first = tools.find(isRecord);
  if (typeof first?.name !== "string") throw new Error("it lists no tool");
  return { name: first.name, arguments: { [key]: "Ada" } };
}
