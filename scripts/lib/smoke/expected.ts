import { declaredExample } from "../example.ts";
import { shortName } from "../generate/facts.ts";
import type { Project } from "../projects.ts";
import type { ListedTool } from "../standalone/raw-client.ts";
import { readToolsLock } from "../tools-lock.ts";
import type { Expected } from "./checks.ts";
import { mountedExample } from "./mounted.ts";

/**
 * What this repository knows of a server that lists these tools. One without tools of its own lists
 * those of others: it is a gateway.
 */
export function expectedOf(
  server: Project,
  all: readonly Project[],
  listed: readonly ListedTool[],
): Expected {
  const own = knownOf(server);
  if (own.lock.tools.length > 0) return own;
  const others = all.filter(({ name }) => name !== server.name);
  const mountable = others.map((one) => ({ prefix: shortName(one.name), ...knownOf(one) }));
  return { lock: own.lock, example: mountedExample(listed, mountable), mountable };
}

function knownOf({ dir }: Project) {
  return { lock: readToolsLock(dir), example: declaredExample(dir) };
}
