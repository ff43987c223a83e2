import fc from "fast-check";
import type { JsonObject } from "#shared/core/contract.ts";
import { LEGACY_VERSIONS, MODERN_VERSION } from "#shared/mcp/hot.ts";
import { breakages, type Made, others, requests, type States } from "./arbitrary-messages.ts";
import type { Sent } from "./exchange-http.ts";

/** Requests over HTTP: a message, the headers that belong to it, and what may be wrong with both. */

type Headers = [name: string, value: string][];

const ACCEPT = "application/json, text/event-stream";

export function headersOf({ era, message: { method, params } }: Made): Headers {
  const always: Headers = [
    ["content-type", "application/json"],
    ["accept", ACCEPT],
  ];
  if (era === "legacy")
    return method === "initialize" ? always : [...always, ["mcp-protocol-version", "2025-11-25"]];
  const { name = undefined, uri = name } = (params ?? {}) as JsonObject;
  return [
    ...always,
    ["mcp-protocol-version", MODERN_VERSION],
    ["mcp-method", String(method)],
    ...(typeof uri === "string" ? [["mcp-name", headerValue(uri)] satisfies Headers[number]] : []),
  ];
}

/** As clients write a name: what a header cannot carry goes as base64. */
function headerValue(name: string): string {
  const isPlain = /^[\x21-\x7e]+( [\x21-\x7e]+)*$/.test(name) && !name.startsWith("=?");
  return isPlain ? name : `=?base64?${Buffer.from(name).toString("base64")}?=`;
}

const ODD_HEADERS: Record<string, readonly string[]> = {
  "content-type": [
    "application/json; charset=utf-8",
    "Application/JSON",
    "application/json;charset=utf-8",
    "application/json; charset=latin1",
    "text/plain",
    "text/plain; a=application/json",
    "application/json, text/plain",
    "",
  ],
  accept: [
    "text/event-stream, application/json;q=0.5",
    "application/json",
    "text/event-stream",
    "*/*",
    "APPLICATION/JSON, TEXT/EVENT-STREAM",
    "application/jsonx, text/event-streamx",
    "",
  ],
  "mcp-protocol-version": [
    ...LEGACY_VERSIONS,
    MODERN_VERSION,
    ` ${MODERN_VERSION}\t`,
    "2027-01-01",
    "2023-01-01",
    "2026-07-28, 2026-07-28",
    "x",
    "",
  ],
  "mcp-method": ["tools/call", "tools/list", "TOOLS/LIST", " tools/list ", "ping", "x", ""],
  "mcp-name": [
    "add_numbers",
    " add_numbers ",
    "ADD_NUMBERS",
    "=?base64?YWRkX251bWJlcnM=?=",
    "=?base64?YQ==?=",
    "=?base64?!?=",
    "=?BASE64?YQ==?=",
    "x",
    "",
  ],
  "mcp-session-id": ["abc", ""],
  "last-event-id": ["1"],
  origin: ["http://localhost:1234"],
};

type Change = (headers: Headers) => Headers;

const headerChanges: fc.Arbitrary<Change> = fc
  .constantFrom(...Object.entries(ODD_HEADERS))
  .chain(([name, values]) =>
    fc.tuple(
      fc.constant(name),
      fc.constantFrom(...values),
      fc.constantFrom("set", "drop", "add", "upper", "double"),
    ),
  )
  .map(
    ([name, value, how]) =>
      (headers) =>
        change(headers, name, value, how),
  );

function change(headers: Headers, name: string, value: string, how: string): Headers {
  const others = headers.filter(([other]) => other !== name);
  const own = headers.filter(([other]) => other === name);
  if (how === "set") return [...others, [name, value]];
  if (how === "drop") return others;
  if (how === "add") return [...headers, [name, value]];
  if (how === "double") return [...headers, ...own];
  return [...others, ...own.map(([key, same]): Headers[number] => [key.toUpperCase(), same])];
}

const METHODS = ["GET", "DELETE", "PUT", "OPTIONS", "PATCH"];

const deepArray = (depth: number) => "[".repeat(depth) + "]".repeat(depth);
const RAW_BODIES = [
  "",
  "{",
  "nonsense",
  "[]",
  "[1]",
  "null",
  "5",
  '"text"',
  "[[]]",
  "\ufeff{}",
  "{} {}",
];

type Body = (message: JsonObject) => unknown;
const bodies: fc.Arbitrary<Body> = fc.oneof(
  { weight: 60, arbitrary: fc.constant<Body>((message) => message) },
  {
    weight: 1,
    arbitrary: fc.constantFrom<Body>(
      (one) => [one],
      (one) => [one, { ...one, id: 2_000 }],
    ),
  },
  {
    weight: 1,
    arbitrary: fc.constantFrom(...RAW_BODIES).map(
      (raw): Body =>
        () =>
          raw,
    ),
  },
  {
    weight: 1,
    arbitrary: fc.constantFrom(40, 62, 63, 70, 500).map(
      (depth): Body =>
        (message) => {
          const text = JSON.stringify({
            ...message,
            params: { ...Object(message.params), arguments: { deep: 0 } },
          });
          return text.replace('"deep":0', `"deep":${deepArray(depth)}`);
        },
    ),
  },
);

const few = <T>(arbitrary: fc.Arbitrary<T>) =>
  fc.oneof(
    { weight: 24, arbitrary: fc.constant<T[]>([]) },
    { weight: 2, arbitrary: fc.array(arbitrary, { minLength: 1, maxLength: 1 }) },
    { weight: 1, arbitrary: fc.array(arbitrary, { minLength: 2, maxLength: 3 }) },
  );

export function httpRequests(states: States): fc.Arbitrary<Sent> {
  return fc
    .record({
      made: fc.oneof({ weight: 9, arbitrary: requests(states) }, { weight: 1, arbitrary: others }),
      method: fc.oneof(
        { weight: 40, arbitrary: fc.constant("POST") },
        { weight: 1, arbitrary: fc.constantFrom(...METHODS) },
      ),
      headerChanges: few(headerChanges),
      breakages: few(breakages),
      body: bodies,
    })
    .map(({ made, method, headerChanges: changes, breakages: broken, body }) => ({
      method,
      headers: changes.reduce<Headers>((headers, one) => one(headers), headersOf(made)),
      body: body(broken.reduce((message, one) => one(message), made.message)),
    }));
}
