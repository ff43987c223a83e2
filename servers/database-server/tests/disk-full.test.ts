import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { CallToolResult } from "#shared/core/contract.ts";
import { silentLog } from "#shared/core/log.ts";
import { writeSqliteFile } from "./attacks/sqlite-fixture.ts";
import { expectToolError } from "./shared/testing/call.ts";
import { server } from "./support/built-server.ts";

const isNode24 = Number(process.versions.node.split(".")[0]) >= 24;

/** A disk of 1 MB, where this user may mount one. */
function mountSmallDisk(): string | undefined {
  const folder = mkdtempSync(join(tmpdir(), "database-server-"));
  try {
    const arguments_ = ["-t", "tmpfs", "-o", "size=1m", "tmpfs", folder];
    execFileSync("mount", arguments_, { stdio: "ignore" });
    return folder;
  } catch {
    rmSync(folder, { recursive: true, force: true });
    return undefined;
  }
}

const disk = isNode24 ? mountSmallDisk() : undefined;

describe.skipIf(disk === undefined)(
  "a SQLite file on a disk that is full (skipped below Node 24 and where no disk can be mounted)",
  () => {
    const folder = disk ?? "";
    let instance: Awaited<ReturnType<typeof server.open>>;
    beforeAll(async () => {
      await writeSqliteFile(
        join(folder, "shop.db"),
        "create table notes(text); insert into notes values ('a')",
      );
      writeFileSync(join(folder, "filler"), Buffer.alloc(800 * 1024));
      const env = {
        DATABASE_URL_SHOP: `sqlite:${folder}/shop.db?mode=write`,
        ALLOW_WRITES: "true",
      };
      instance = await server.open({ env, log: silentLog });
    });
    afterAll(async () => {
      await instance?.close();
      execFileSync("umount", ["-l", folder]); // the process that had the file may not have ended yet
      rmSync(folder, { recursive: true, force: true });
    });
    const call = async (tool: string, input: object) => {
      const context = { signal: new AbortController().signal, era: "modern" as const };
      return (await instance.call(tool, input, context)).result as CallToolResult;
    };

    it("says so by the connection's name, changes nothing, and is written when there is room", async () => {
      const sql = "INSERT INTO notes SELECT hex(randomblob(150000))";
      const commit = async () => {
        const { token } = (await call("execute", { sql })).structuredContent ?? {};
        return call("execute", { sql, token });
      };
      const error = expectToolError(await commit(), "UNAVAILABLE");
      expect(error.message).toMatch(/^shop: .*full/);
      const count = { sql: "SELECT count(*) FROM notes" };
      expect((await call("query", count)).structuredContent).toMatchObject({ rows: [[1]] });
      rmSync(join(folder, "filler"));
      expect((await commit()).structuredContent).toMatchObject({ committed: true });
      expect((await call("query", count)).structuredContent).toMatchObject({ rows: [[2]] });
    });
  },
);
