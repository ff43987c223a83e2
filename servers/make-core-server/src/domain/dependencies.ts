import type { Uses } from "#shared/make-api/blueprint.ts";
import type { Scenario } from "#shared/make-api/scan.ts";

export interface Node extends Record<string, unknown> {
  /** "scenario:4001", "connection:6001", "variable:organization.ENV" */
  id: string;
  kind: string;
  name?: string;
}

export interface Graph {
  nodes: Node[];
  edges: { from: string; to: string }[];
}

const NODE_KINDS: Readonly<Record<keyof Uses, string>> = {
  connections: "connection",
  hooks: "hook",
  keys: "key",
  dataStores: "datastore",
  dataStructures: "datastructure",
  scenarios: "scenario",
  variables: "variable",
  agents: "agent",
};

interface Used {
  scenario: Scenario;
  uses: Uses;
}

/** What each scenario uses, as a graph: its own webhook counts although the blueprint may not name it. */
export function dependencyGraph(all: readonly Used[], names: ReadonlyMap<string, string>): Graph {
  const nodes = new Map<string, Node>();
  const edges: Graph["edges"] = [];
  for (const { scenario } of all) {
    const id = `scenario:${scenario.id}`;
    nodes.set(id, { id, kind: "scenario", name: scenario.name });
  }
  for (const { scenario, uses } of all) {
    const from = `scenario:${scenario.id}`;
    for (const to of targetsOf(scenario, uses)) {
      const kind = to.slice(0, to.indexOf(":"));
      const name = names.get(to);
      if (!nodes.has(to)) nodes.set(to, { id: to, kind, ...(name !== undefined && { name }) });
      edges.push({ from, to });
    }
  }
  return { nodes: [...nodes.values()], edges };
}

function targetsOf({ hookId }: Scenario, uses: Uses): string[] {
  const hooks = hookId && !uses.hooks.includes(hookId) ? [...uses.hooks, hookId] : uses.hooks;
  return Object.entries({ ...uses, hooks }).flatMap(([kind, found]) =>
    found.map((each: number | string) => `${NODE_KINDS[kind as keyof Uses]}:${each}`),
  );
}
