import { ToolError } from "#shared/core/errors.ts";
import { createStateSeal, type StateSeal } from "#shared/core/state.ts";
import { type Catalog, openCatalog } from "../catalog/catalog.ts";
import type { Config } from "../config.ts";
import type { Engine } from "../engine/types.ts";
import { openEngine } from "./open-engine.ts";
import type { ConnectionSpec, Mode } from "./url.ts";

export interface Database {
  name: string;
  mode: Mode;
  /** Whether it is the sample that is open when nothing is configured. */
  sample: boolean;
  spec: ConnectionSpec;
  engine: Engine;
  catalog: Catalog;
}

export interface Databases {
  readonly all: readonly Database[];
  /** The one of this name; without a name, the first. Throws NOT_FOUND. */
  get(name: string | undefined): Database;
  /** Signs the tokens of changes that were tried out. */
  readonly seal: StateSeal;
  /** Tokens that were used: none is taken twice. */
  readonly usedTokens: Set<string>;
  close(): Promise<void>;
}

const SAMPLE: ConnectionSpec = { engine: "sqlite", mode: "read" };

/** Every configured connection, by name: `main` is DATABASE_URL, others are named by their variable. */
export function openDatabases(config: Config): Databases {
  const specs = specsOf(config);
  const all = [...specs].map(([name, spec]): Database => {
    const engine = openEngine(name, spec, config);
    const sample = spec === SAMPLE;
    return { name, mode: spec.mode, sample, spec, engine, catalog: openCatalog(engine) };
  });
  return {
    all,
    get: (name) => find(all, name),
    seal: createStateSeal(config.REQUEST_STATE_KEY),
    usedTokens: new Set(),
    close: async () => void (await Promise.allSettled(all.map(({ engine }) => engine.close()))),
  };
}

function specsOf({
  DATABASE_URL: main,
  DATABASE_URL_NAME: named,
}: Config): Map<string, ConnectionSpec> {
  const specs = new Map(Object.entries(named));
  if (main !== undefined) return new Map([["main", main], ...specs]);
  return specs.size > 0 ? specs : new Map([["sample", SAMPLE]]);
}

function find(all: readonly Database[], name: string | undefined): Database {
  const [first] = all;
  const found = name === undefined ? first : all.find((each) => each.name === name.toLowerCase());
  if (found !== undefined) return found;
  const names = all.map((each) => each.name).join(", ");
  throw new ToolError(
    "NOT_FOUND",
    `There is no connection ${JSON.stringify(name)}; there are ${names}.`,
    {
      details: { reason: "no_connection" },
    },
  );
}
