import { randomUUID } from "node:crypto";
import * as z from "zod";
import { askForm } from "#shared/core/ask.ts";
import type { Context } from "#shared/core/context.ts";
import { ToolError } from "#shared/core/errors.ts";
import type { Config } from "../config.ts";
import type { Database, Databases } from "../connections/databases.ts";
import type { Change, ChangeReport } from "../engine/types.ts";

/** Tokens that are remembered as used, the last ones: older ones have expired by then. */
const MAX_USED = 10_000;

type Wanted = Omit<Change, "commit">;

interface Done {
  report: ChangeReport;
  committed: boolean;
  /** What commits the statement, after it was tried. */
  next?: string;
}

/** Tries a change, or does it with the token of the try. A user who can be asked decides at once. */
export async function changeWithToken(
  databases: Databases,
  connection: string | undefined,
  wanted: Wanted,
  token: string | undefined,
  context: Context<Config, { databases: Databases }>,
): Promise<Done> {
  const database = databases.get(connection);
  requireWrites(database);
  const run = (commit: boolean) => database.engine.change({ ...wanted, commit }, context.signal);
  const binding = JSON.stringify([
    database.name,
    wanted.sql,
    wanted.params,
    wanted.maxRows,
    context.principal?.id ?? "",
  ]);
  if (token !== undefined) {
    take(databases, token, binding, context.now());
    return { report: await run(true), committed: true };
  }
  const report = await run(false);
  const answer = await askUser(context, database, report);
  if (answer === "commit") return { report: await run(true), committed: true };
  if (answer === "decline") return { report, committed: false };
  // the same statement may be tried twice within a second: each try has a token of its own
  const next = databases.seal.seal({ try: randomUUID() }, binding, context.now());
  return { report, committed: false, next };
}

function requireWrites({ name, mode, sample }: Database): void {
  if (mode === "write") return;
  const how = sample ? "Set DATABASE_URL to a database of your own" : "Add mode=write to its URL";
  throw new ToolError(
    "PERMISSION_DENIED",
    `The connection ${name} only reads. ${how} to let it write.`,
    {
      details: { reason: "read_only" },
    },
  );
}

/** A token is good for the statement that was tried, for the one who tried it, once. */
function take({ seal, usedTokens }: Databases, token: string, binding: string, now: Date): void {
  if (usedTokens.has(token) || seal.open(token, binding, now) === undefined)
    throw new ToolError(
      "CONFLICT",
      "The token does not belong to this statement, was used, or is older than ten minutes. Call again without it.",
      { details: { reason: "token" } },
    );
  const [oldest = ""] = usedTokens;
  if (usedTokens.size >= MAX_USED) usedTokens.delete(oldest);
  usedTokens.add(token);
}

const decision = z.object({ commit: z.boolean().describe("Commit the change") });

async function askUser(
  context: Context<Config, { databases: Databases }>,
  { name }: Database,
  { affected, tables }: ChangeReport,
): Promise<"commit" | "decline" | "cannot"> {
  if (!("elicitation" in (context.client.capabilities ?? {}))) return "cannot";
  const where = tables.map(({ table, rows }) => `${table}: ${rows}`).join(", ");
  const message = `Commit this change on ${name}? It touches ${affected} rows${where === "" ? "" : ` (${where})`}.`;
  try {
    const { decision: given } = await context.ask({ decision: askForm(message, decision) });
    return given.action === "accept" && given.content.commit ? "commit" : "decline";
  } catch (error) {
    // over a connection that carries no questions, the token is the second step
    if (error instanceof ToolError && error.details.reason === "cannot_ask") return "cannot";
    throw error;
  }
}
