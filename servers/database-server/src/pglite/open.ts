import { statSync } from "node:fs";
import { join } from "node:path";
import pg from "pg";
import type { Source } from "../local/messages.ts";
import type { Opened } from "../local/serve.ts";
import { maskRules } from "../masking/rules.ts";
import { toPostgresError } from "../postgres/errors.ts";
import { createOperations } from "../postgres/operations.ts";
import {
  CLIENT_OPTIONS,
  createSession,
  opening,
  type Session,
  type Transact,
} from "../postgres/session.ts";
import { inspectChange } from "../postgres/write-guard.ts";
import { stampOf } from "./copy.ts";
import { openCopy, openFolder, type Pglite } from "./driver.ts";

/** It has no clock to stop a statement by: the parent ends the process. */
const NO_LIMIT_MS = 0;

/** Who ends this process is its parent. */
const never = new AbortController().signal;

/** Opens a copy of a folder to read. To write, the folder itself is opened for each change and closed after it. */
export async function openPglite({
  connection,
  path = "",
  writable,
  masks,
}: Source): Promise<Opened> {
  statSync(join(path, "PG_VERSION")); // PGlite would make a database where there is none
  const rules = maskRules(masks);
  const operate = (transact: Transact) =>
    createOperations({
      transact,
      masks: rules,
      imagine: { work: { access: "READ WRITE" }, indexes: createIndexes },
    });
  const before = stampOf(path);
  let used = false;
  const transact = writable
    ? onFolder(path, connection, rules === undefined)
    : await connect(await openCopy(path), connection, rules === undefined);
  const { query, read, plan, trial, change } = operate(transact);
  return {
    // PGlite does not give back its memory: a process opens a folder once
    isFresh: () => (writable ? !used : stampOf(path) === before),
    run: {
      query: (asked) => query(asked, never),
      read: ({ sql, params }) => read(sql, params, never),
      plan: (asked) => plan(asked, never),
      trial: ({ sql, params, indexes }) => trial(sql, params, indexes, never),
      change: async (asked) => {
        await inspectChange(asked.sql); // what is refused opens no folder
        used = true;
        return change(asked, never);
      },
    },
  };
}

/** On a copy, indexes can be made in earnest; the transaction takes them back. */
async function createIndexes(session: Session, statements: readonly string[]): Promise<void> {
  for (const statement of statements) await session.run(statement);
}

async function connect({ config }: Pglite, connection: string, values: boolean): Promise<Transact> {
  const client = new pg.Client({ ...config, ...CLIENT_OPTIONS });
  await client.connect();
  return async ({ access, shift, commit }, _signal, run) => {
    const session = createSession(client);
    try {
      session.script(opening(access, NO_LIMIT_MS));
      const result = await run(session);
      if (commit) await session.run("COMMIT");
      return result;
    } catch (error) {
      throw toPostgresError(error, connection, { shift, values });
    } finally {
      await session.end();
    }
  };
}

const onFolder =
  (path: string, connection: string, values: boolean): Transact =>
  async (work, signal, run) => {
    const opened = await openFolder(path);
    try {
      const transact = await connect(opened, connection, values);
      return await transact(work, signal, run);
    } finally {
      await opened.db.close();
    }
  };
