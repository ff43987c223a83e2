import { hash } from "node:crypto";
import type { Caller, Identity } from "../access/caller.ts";
import type { EndedCall } from "../activity/activity.ts";
import type { Counts } from "../activity/counts.ts";
import type { TimedEvent } from "../activity/events.ts";
import { isObject } from "../foreign/wire.ts";

/** Names of arguments that are written down. */
const MAX_KEYS = 20;
/** Characters of arguments that wait for their hash until the line is written. */
export const MAX_UNHASHED = 1_024;
const HUNDRED = 100;

/**
 * A call that waits for its line, as little as the line can be made of: hundreds wait at a time, and the
 * collector moves them. Lines are made when they are written, many at once, which costs each much less.
 */
export interface CallLine {
  /** What is the same in most lines of the tool. */
  kind: string;
  startedAt: number;
  hundredthsMs: number;
  answered: number;
  traceId: string | undefined;
  /** Undefined for a request that takes no arguments. */
  names: string | undefined;
  /** Arguments that lack their hash. */
  text: string | undefined;
  /** What is written of longer ones. */
  hashed: string | undefined;
}

/**
 * Of the arguments of a call only names that the tool's schema has are written, and, with a key, a hash
 * that is the same for the same arguments: never a value.
 */
export function callLine(call: EndedCall, key: string | undefined): CallLine {
  const { input } = call;
  const text = input === undefined || key === undefined ? undefined : JSON.stringify(input);
  const isLong = text !== undefined && text.length > MAX_UNHASHED;
  return {
    kind: kindOf(call),
    startedAt: call.startedAt,
    hundredthsMs: Math.round(call.ms * HUNDRED),
    answered: call.answered,
    traceId: call.traceId,
    names: input === undefined ? undefined : namesOf(call),
    text: isLong ? undefined : text,
    hashed: isLong ? hashedMembers(text, key) : undefined,
  };
}

/**
 * The members of a line as they are written. Put together by hand, because this is done for each call;
 * names of servers and tools, outcomes and addresses need no escapes.
 */
export function membersOf(line: string | CallLine, key: string | undefined): string {
  if (typeof line === "string") return line;
  const { names, text, traceId } = line;
  const hashed = text === undefined ? (line.hashed ?? "") : hashedMembers(text, key);
  const trace = traceId === undefined ? "" : `,"trace":"${traceId}"`;
  const args = names === undefined ? "" : `,"args":{"keys":[${names}]${hashed}}`;
  return `"ts":"${iso(line.startedAt)}",${line.kind},"result":{"characters":${line.answered}},"ms":${line.hundredthsMs / HUNDRED}${trace}${args}`;
}

/** The hash tells whether arguments are the same, and not what they are. Proves nothing, so it need be no HMAC. */
const hashedMembers = (text: string, key = ""): string =>
  `,"bytes":${Buffer.byteLength(text)},"hash":"${hash("sha256", key + text, "base64url")}"`;

/** What is the same in most lines of a tool, with what it was made of; nothing of a request is kept. */
interface Kind {
  identity: Identity | undefined;
  address: string | undefined;
  surface: string;
  era: string;
  outcome: string;
  reason: string | undefined;
  isDestructive: boolean;
  text: string;
}

const lastKinds = new WeakMap<Counts, Kind>();

function kindOf(call: EndedCall): string {
  const { counts, caller, surface, context, outcome, reason, isDestructive } = call;
  const last = lastKinds.get(counts);
  if (
    last?.outcome === outcome &&
    last.reason === reason &&
    last.surface === surface &&
    last.era === context.era &&
    last.isDestructive === isDestructive &&
    last.identity === caller?.identity &&
    last.address === caller?.address
  )
    return last.text;
  const text = kindMembers(call);
  lastKinds.set(counts, {
    identity: caller?.identity,
    address: caller?.address,
    surface,
    era: context.era,
    outcome,
    reason,
    isDestructive,
    text,
  });
  return text;
}

function kindMembers({ counts, caller, surface, context, ...call }: EndedCall): string {
  const { server, tool, method } = counts;
  const { outcome, reason, isDestructive } = call;
  const refused = outcome === "denied" || outcome === "rate_limited";
  return [
    `"event":"${tool === "" ? method : "tool.call"}"`,
    `,"decision":"${refused ? "deny" : "allow"}","outcome":"${outcome}"`,
    reason === undefined ? "" : `,"reason":${JSON.stringify(reason)}`,
    `,"principal":${principalJson(caller)}`,
    `,"src":{"ip":"${caller?.address ?? ""}","surface":"${surface}","era":"${context.era}"}`,
    `,"target":{"server":"${server}"${tool === "" ? "" : `,"tool":"${tool}"`},"destructive":${isDestructive}}`,
  ].join("");
}

const principalJson = (caller: Caller | undefined): string =>
  caller ? JSON.stringify({ type: caller.identity.kind, id: caller.id }) : "null";

function namesOf({ input, argumentNames }: EndedCall): string {
  let names = "";
  let count = 0;
  if (isObject(input) && argumentNames)
    for (const name in input) {
      const quoted = argumentNames.get(name);
      if (quoted === undefined || ++count > MAX_KEYS) continue;
      names = names === "" ? quoted : `${names},${quoted}`;
    }
  return names;
}

let lastMs = Number.NaN;
let lastText = "";

/** Many calls begin in the same millisecond. */
function iso(startedAt: number): string {
  const ms = Math.floor(startedAt);
  if (ms !== lastMs) {
    lastMs = ms;
    lastText = new Date(ms).toISOString();
  }
  return lastText;
}

/** A destructive call before it is made: it is not made until this is written. */
export const intentMembers = (server: string, tool: string, by: EndedCall["caller"], now: Date) =>
  `"ts":"${now.toISOString()}","event":"tool.begin","principal":${principalJson(by)}` +
  `,"target":{"server":"${server}","tool":"${tool}","destructive":true}`;

/** What happened beside calls. */
export function eventMembers({ kind, at, ...rest }: TimedEvent): string {
  const members = JSON.stringify(rest).slice(1, -1);
  return `"ts":"${new Date(at).toISOString()}","event":"${kind}"${members === "" ? "" : `,${members}`}`;
}
