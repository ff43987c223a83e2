import type { PGlite, PGliteOptions } from "@electric-sql/pglite";
import { ToolError } from "#shared/core/errors.ts";
import { copyInto } from "./copy.ts";

/** Where PGlite has its data, within its own file system. */
const DATA = "/pglite/data";

/** PGlite is a package that users of it install beside this server. */
async function load() {
  try {
    const [{ PGlite, MemoryFS }, { createPgConfig }] = await Promise.all([
      import("@electric-sql/pglite"),
      import("@electric-sql/pglite/node-postgres"),
    ]);
    return { PGlite, MemoryFS, createPgConfig };
  } catch (error) {
    throw new ToolError(
      "CONFIG_ERROR",
      "pglite: needs the package @electric-sql/pglite, which is not installed. Run: npm install @electric-sql/pglite",
      { details: { reason: "no_pglite" }, cause: error },
    );
  }
}

export interface Pglite {
  db: PGlite;
  /** What the driver of PostgreSQL connects with. */
  config: object;
}

/** PGlite on a copy of the folder in memory: whatever runs there, the folder stays as it is. */
export async function openCopy(folder: string): Promise<Pglite> {
  const { PGlite, MemoryFS, createPgConfig } = await load();
  class Copy extends MemoryFS {
    override async init(pg: PGlite, given: Parameters<InstanceType<typeof MemoryFS>["init"]>[1]) {
      const { emscriptenOpts } = await super.init(pg, given);
      const preRun = [...(emscriptenOpts.preRun ?? []), copyHere];
      return { emscriptenOpts: { ...emscriptenOpts, preRun } };
    }
  }
  const copyHere: NonNullable<Parameters<Copy["init"]>[1]["preRun"]>[number] = ({ FS }) =>
    copyInto(FS, folder, DATA);
  return open({ fs: new Copy() });

  async function open(options: PGliteOptions): Promise<Pglite> {
    const db = await PGlite.create(options);
    return { db, config: createPgConfig(db) };
  }
}

/** PGlite on the folder itself, which no other process may have open meanwhile. */
export async function openFolder(folder: string): Promise<Pglite> {
  const { PGlite, createPgConfig } = await load();
  const db = await PGlite.create(folder);
  return { db, config: createPgConfig(db) };
}
