import { hash } from "node:crypto";
import type { Identity } from "../access/caller.ts";
import type { EndedCall } from "../activity/activity.ts";
import type { TimedEvent } from "../activity/events.ts";
import { isObject } from "../foreign/wire.ts";

/** Names of arguments that are written down. */
const MAX_KEYS = 20;
/**
 * A call as members of a JSON object. Of the arguments only names that the tool's schema has
 * are written, and, with a key, a hash that is the same for the same arguments: never a value. Put together by hand, because this is
 * done for each call; names of servers and tools, outcomes and addresses need no escapes.
 */
export function callMembers(call: EndedCall, key: string | undefined): string {
  const { counts, caller, context, outcome, reason } = call;
  const { server, tool, method } = counts;
  const refused = outcome === "denied" || outcome === "rate_limited";
  return (
    `"ts":"${iso(call.startedAt)}","event":"${tool === "" ? method : "tool.call"}"` +
    `,"decision":"${refused ? "deny" : "allow"}","outcome":"${outcome}"` +
    (reason === undefined ? "" : `,"reason":${JSON.stringify(reason)}`) +
    `,"principal":${principalJson(caller)}` +
    `,"src":{"ip":"${caller?.address ?? ""}","surface":"${call.surface}","era":"${context.era}"}` +
    `,"target":{"server":"${server}"${tool === "" ? "" : `,"tool":"${tool}"`},"destructive":${call.isDestructive}}` +
    (call.input === undefined ? "" : `,"args":${argumentsJson(call, key)}`) +
    `,"result":{"characters":${call.answered}},"ms":${Math.round(call.ms * 100) / 100}` +
    (call.traceId === undefined ? "" : `,"trace":"${call.traceId}"`)
  );
}

const principals = new WeakMap<Identity, string>();

function principalJson(caller: EndedCall["caller"]): string {
  if (!caller) return "null";
  const { identity } = caller;
  const known = principals.get(identity);
  if (known !== undefined) return known;
  const made = JSON.stringify({ type: identity.kind, id: identity.id });
  principals.set(identity, made);
  return made;
}

function argumentsJson({ input, argumentNames }: EndedCall, key: string | undefined): string {
  let names = "";
  let count = 0;
  if (isObject(input))
    for (const name in input) {
      if (argumentNames?.has(name) !== true || ++count > MAX_KEYS) continue;
      names += `${names === "" ? "" : ","}${JSON.stringify(name)}`;
    }
  if (key === undefined) return `{"keys":[${names}]}`;
  const text = JSON.stringify(input);
  return `{"keys":[${names}],"bytes":${Buffer.byteLength(text)},"hash":"${keyedHash(key, text)}"}`;
}

/** Tells whether arguments are the same, and not what they are. Proves nothing, so it need be no HMAC, which costs five times as much. */
const keyedHash = (key: string, text: string): string => hash("sha256", key + text, "base64url");

let lastMs = 0;
let lastIso = "";

/** Many calls end in the same millisecond. */
function iso(ms: number): string {
  const whole = Math.floor(ms);
  if (whole !== lastMs) {
    lastMs = whole;
    lastIso = new Date(whole).toISOString();
  }
  return lastIso;
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
