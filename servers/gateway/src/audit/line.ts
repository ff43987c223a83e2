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

/** Members of a line that lack a hash at their end: made for many lines at once, each costs much less. */
export interface Unhashed {
  before: string;
  text: string;
}

/** Members of a line as they are written. */
export const membersOf = (line: string | Unhashed, key: string | undefined): string =>
  typeof line === "string" ? line : `${line.before}${keyedHash(key ?? "", line.text)}"}`;

/**
 * A call as members of a JSON object. Of the arguments only names that the tool's schema has are
 * written, and, with a key, a hash that is the same for the same arguments: never a value. Put together
 * by hand, because this is done for each call; names of servers and tools, outcomes and addresses need
 * no escapes.
 */
export function callMembers(call: EndedCall, key: string | undefined): string | Unhashed {
  const members =
    `"ts":"${iso(call.startedAt)}",${kindOf(call)}` +
    `,"result":{"characters":${call.answered}},"ms":${Math.round(call.ms * 100) / 100}` +
    (call.traceId === undefined ? "" : `,"trace":"${call.traceId}"`);
  const { input } = call;
  if (input === undefined) return members;
  const named = `${members},"args":{"keys":[${namesOf(call)}]`;
  if (key === undefined) return `${named}}`;
  const text = JSON.stringify(input);
  const line = { before: `${named},"bytes":${Buffer.byteLength(text)},"hash":"`, text };
  return text.length > MAX_UNHASHED ? membersOf(line, key) : line;
}

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
  return (
    `"event":"${tool === "" ? method : "tool.call"}"` +
    `,"decision":"${refused ? "deny" : "allow"}","outcome":"${outcome}"` +
    (reason === undefined ? "" : `,"reason":${JSON.stringify(reason)}`) +
    `,"principal":${principalJson(caller)}` +
    `,"src":{"ip":"${caller?.address ?? ""}","surface":"${surface}","era":"${context.era}"}` +
    `,"target":{"server":"${server}"${tool === "" ? "" : `,"tool":"${tool}"`},"destructive":${isDestructive}}`
  );
}

const principalJson = (caller: Caller | undefined): string =>
  caller ? JSON.stringify({ type: caller.identity.kind, id: caller.id }) : "null";

function namesOf({ input, argumentNames }: EndedCall): string {
  let names = "";
  let count = 0;
  if (isObject(input))
    for (const name in input) {
      if (argumentNames?.has(name) !== true || ++count > MAX_KEYS) continue;
      names += `${names === "" ? "" : ","}${JSON.stringify(name)}`;
    }
  return names;
}

/** Tells whether arguments are the same, and not what they are. Proves nothing, so it need be no HMAC. */
const keyedHash = (key: string, text: string): string => hash("sha256", key + text, "base64url");

const SECOND_MS = 1_000;
let lastSecond = Number.NaN;
let secondText = "";

/** Many calls end in the same second. */
function iso(ms: number): string {
  const second = Math.floor(ms / SECOND_MS);
  if (second !== lastSecond) {
    lastSecond = second;
    secondText = new Date(second * SECOND_MS).toISOString().slice(0, -"000Z".length);
  }
  return `${secondText}${String(Math.floor(ms) - second * SECOND_MS).padStart(3, "0")}Z`;
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
