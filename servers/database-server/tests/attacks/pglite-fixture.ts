import { createHash } from "node:crypto";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PGlite } from "@electric-sql/pglite";
import { afterAll, beforeAll } from "vitest";

const FIXTURE = readFileSync(new URL("../fixtures/pgfix.sql", import.meta.url), "utf8");
/** The part after the database is made, without extensions: none of them is in PGlite by itself. */
const [, FILL = ""] = FIXTURE.replaceAll(/create extension[^;]*;/g, "").split("\\c shop");

/** A data folder of its own after the fixture; removed at the end. */
export function pgliteFixture() {
  const root = mkdtempSync(join(tmpdir(), "database-server-"));
  const folder = join(root, "shop");
  const run = async (sql: string) => {
    const db = await PGlite.create(folder);
    try {
      return await db.exec(sql);
    } finally {
      await db.close();
    }
  };
  beforeAll(
    async () => void (await run(FILL.replaceAll("database shop", "database postgres"))),
    120_000,
  );
  afterAll(() => rmSync(root, { recursive: true, force: true }));
  return {
    folder,
    url: () => `pglite:${folder}`,
    run,
    /** Every file of the folder: the server works on a copy, so nothing may change. */
    state: async () => {
      const hash = createHash("sha256");
      for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
        const path = join(entry.parentPath, entry.name);
        hash.update(path);
        if (entry.isFile()) hash.update(readFileSync(path));
      }
      return hash.digest("hex");
    },
  };
}
