import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PGlite } from "@electric-sql/pglite";
import { afterAll, beforeAll } from "vitest";

const FIXTURE = readFileSync(new URL("../fixtures/pgfix.sql", import.meta.url), "utf8");
/** The part after the database is made, without extensions: none of them is in PGlite by itself. */
const [, FILL = ""] = FIXTURE.replaceAll(/create extension[^;]*;/g, "").split("\\c shop");

async function runIn(folder: string, sql: string) {
  const db = await PGlite.create(folder);
  try {
    return await db.exec(sql);
  } finally {
    await db.close();
  }
}

const makeFolder = () => mkdtempSync(join(tmpdir(), "database-server-"));
let filled: Promise<string> | undefined;

/** What all fixtures are copies of: PGlite takes seconds to make a data folder, and files share a process. */
function filledFolder(): Promise<string> {
  filled ??= (async () => {
    const root = makeFolder();
    process.once("exit", () => rmSync(root, { recursive: true, force: true }));
    await runIn(join(root, "shop"), FILL.replaceAll("database shop", "database postgres"));
    return join(root, "shop");
  })();
  return filled;
}

/** A data folder of its own after the fixture; removed at the end. */
export function pgliteFixture() {
  const root = makeFolder();
  const folder = join(root, "shop");
  beforeAll(async () => cpSync(await filledFolder(), folder, { recursive: true }), 120_000);
  afterAll(() => rmSync(root, { recursive: true, force: true }));
  return {
    folder,
    url: () => `pglite:${folder}`,
    run: (sql: string) => runIn(folder, sql),
    /** Every file of the folder: the server works on a copy, so none may be written to, even in vain. */
    state: async () =>
      readdirSync(folder, { recursive: true, encoding: "utf8" })
        .map((name) => {
          const { ino, size, ctimeNs } = statSync(join(folder, name), { bigint: true });
          return [name, ino, size, ctimeNs].join(" ");
        })
        .join("\n"),
  };
}
