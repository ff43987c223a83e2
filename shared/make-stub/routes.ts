import { changes } from "./changes.ts";
import { lists } from "./lists.ts";
import type { StubAnswer, StubRequest } from "./stub.ts";
import type { World } from "./world.ts";

export interface Asked extends StubRequest {
  world: World;
  /** What the pattern caught. */
  at: Record<string, string>;
}

export type Handler = (asked: Asked) => StubAnswer;
/** "METHOD /path/{name}" to what answers. */
export type Handlers = Readonly<Record<string, Handler>>;

interface Compiled {
  method: string;
  pattern: RegExp;
  handler: Handler;
}

const compiled: Compiled[] = Object.entries({ ...lists, ...changes }).map(([key, handler]) => {
  const [method = "", path = ""] = key.split(" ");
  // paths are case sensitive at Make; "consumptions" is no scenario
  const source = path.replace(/\{(\w+)\}/g, (_, name: string) =>
    name === "scenarioId" ? `(?<${name}>\\d+)` : `(?<${name}>[^/]+)`,
  );
  const pattern = new RegExp(`^${source}$`);
  return { method, pattern, handler };
});

/** What changes by calls first, then what was recorded: the more of its query a route names, the earlier. */
export function findRoute(request: StubRequest, world: World): StubAnswer | undefined {
  for (const { method, pattern, handler } of compiled) {
    const match = method === request.method && pattern.exec(request.path);
    if (match) return handler({ ...request, world, at: { ...match.groups } });
  }
  return request.method === "GET" ? findFixed(request, world) : undefined;
}

function findFixed({ path, query }: StubRequest, world: World): StubAnswer | undefined {
  const fits = world.fixed.filter(
    (route) =>
      route.path === path &&
      Object.entries(route.query).every(([name, value]) => query.get(name) === value),
  );
  const [best] = fits.sort((a, b) => Object.keys(b.query).length - Object.keys(a.query).length);
  return best && { body: inPages(best.body, query) };
}

/** A recorded list with `pg` is cut as `pg[limit]` and `pg[offset]` say. */
function inPages(body: unknown, query: URLSearchParams): unknown {
  if (typeof body !== "object" || body === null || !("pg" in body)) return body;
  const limit = Number(query.get("pg[limit]") ?? 10_000);
  const offset = Number(query.get("pg[offset]") ?? 0);
  const cut = Object.entries(body).map(([name, value]) => [
    name,
    Array.isArray(value) ? value.slice(offset, offset + limit) : value,
  ]);
  return { ...Object.fromEntries(cut), pg: { ...(body.pg as object), limit, offset } };
}
