import * as z from "zod";
import { page } from "#shared/data/page.ts";
import { MAX_ID } from "#shared/make-api/config.ts";
import * as field from "#shared/make-api/fields.ts";
import { readJournal } from "#shared/make-api/journal.ts";
import { maskSecrets } from "#shared/make-api/secrets.ts";
import { toolsOf } from "#shared/make-api/tool.ts";
import { readAudit, summarizeAudit } from "../domain/audit.ts";
import { render, stamp, writeExport } from "../domain/export.ts";
import * as when from "../domain/period.ts";
import { isoPeriod, MS_A_DAY, periodOf } from "../domain/period.ts";

const tool = toolsOf("audit-compliance");

const MAX_LISTED = 200;
const MAX_EVENTS = 100;

const auditLogsList = tool({
  name: "audit_logs_list",
  title: "Audit log",
  description: "Entries of Make's audit log by event, author, team and date, newest first.",
  access: "read",
  sources: ["api"],
  calls: ["GET /audit-logs/organization/{organizationId}", "GET /audit-logs/team/{teamId}"],
  input: {
    organizationId: field.organizationId,
    teamId: field.onlyTeam,
    events: z
      .array(z.string().min(1).max(100))
      .max(MAX_EVENTS)
      .optional()
      .describe("Such as scenario_deleted"),
    author: z.int().min(1).max(MAX_ID).optional().describe("User who did it"),
    from: when.from,
    to: when.to,
    limit: z.int().min(1).max(MAX_LISTED).default(50).describe("Entries shown"),
    cursor: z.string().max(500).optional().describe("nextCursor of the page before"),
  },
  output: {
    entries: field.rows("uuid, eventName, triggeredAt, actor, team, targetId"),
    total: z.int().min(0).describe("That fit"),
    nextCursor: z.string().optional().describe("Leads to the next page"),
  },
  async run({ limit, cursor, from, to, ...filter }, make) {
    const organizationId = await make.organizationId(filter.organizationId);
    const period = periodOf({ from, to }, make.context.now());
    const all = await readAudit(make, { ...filter, ...period, organizationId });
    const query = { ...filter, from, to };
    const { items, total, nextCursor } = page(all, {
      kind: "audit",
      query,
      limit,
      cursor,
      max: MAX_LISTED,
    });
    return { entries: maskSecrets(items), total, ...(nextCursor && { nextCursor }) };
  },
});

const auditLogGet = tool({
  name: "audit_log_get",
  title: "Audit entry",
  description: "One entry of Make's audit log with its details.",
  access: "read",
  sources: ["api"],
  calls: ["GET /audit-logs/{organizationId}/{uuid}"],
  input: {
    organizationId: field.organizationId,
    uuid: z.uuid().describe("Of the entry, from audit_logs_list"),
  },
  output: { entry: field.row("The entry") },
  async run({ organizationId, uuid }, make) {
    const path = { organizationId: await make.organizationId(organizationId), uuid };
    const entry = await make.get("GET /audit-logs/{organizationId}/{uuid}", { path });
    return { entry: maskSecrets(entry) };
  },
});

const hour = (describe: string) => z.int().min(0).max(24).describe(describe);

const auditSummary = tool({
  name: "audit_summary",
  title: "Audit summary",
  description:
    "Counts of the audit log by event and actor, what was done out of hours or at weekends (UTC), privileged changes, actors not seen in as many days before.",
  access: "read",
  sources: ["api", "computed"],
  calls: ["GET /audit-logs/organization/{organizationId}"],
  input: {
    organizationId: field.organizationId,
    days: z.int().min(1).max(when.MAX_DAYS).default(30).describe("Days back"),
    fromHour: hour("Working hours begin, UTC").default(7),
    toHour: hour("Working hours end, UTC").default(19),
  },
  output: {
    period: field.row("From and to"),
    entries: z.int().min(0).describe("In the period"),
    byEvent: field.rows("Name, count"),
    byActor: field.rows("Name, count"),
    outOfHours: field.row("Count, byActor"),
    privileged: field.row("Count, byEvent: roles, users, credentials"),
    firstTimeActors: z
      .array(z.string())
      .nullable()
      .describe("Not seen in as many days before; null: the log does not reach back so far"),
  },
  async run({ days, fromHour, toHour, ...input }, make) {
    const organizationId = await make.organizationId(input.organizationId);
    const period = periodOf({}, make.context.now(), days);
    const start = period.from - days * MS_A_DAY;
    const all = await readAudit(make, { organizationId, from: start, to: period.to });
    const isInside = (triggeredAt: string) => Date.parse(triggeredAt) >= period.from;
    const entries = all.filter(({ triggeredAt }) => isInside(triggeredAt));
    const before = all.filter(({ triggeredAt }) => !isInside(triggeredAt));
    return { period: isoPeriod(period), ...summarizeAudit(entries, before, { fromHour, toHour }) };
  },
});

const auditExport = tool({
  name: "audit_export",
  title: "Export the audit log",
  description:
    "Entries of a period as JSONL into the exports folder of MAKE_STATE_DIR, with a manifest that holds count and SHA-256.",
  access: "read",
  sources: ["api", "local"],
  calls: ["GET /audit-logs/organization/{organizationId}"],
  input: { organizationId: field.organizationId, from: when.from, to: when.to },
  output: {
    file: z.string().describe("The entries"),
    manifest: z.string().describe("What is in it"),
    entries: z.int().min(0).describe("How many"),
    sha256: z.string().describe("Of the file"),
  },
  async run({ from, to, ...input }, make) {
    make.context.require("MAKE_STATE_DIR");
    const organizationId = await make.organizationId(input.organizationId);
    const period = periodOf({ from, to }, make.context.now());
    const entries = await readAudit(make, { organizationId, ...period });
    const name = `audit-${organizationId}-${stamp(make.context.now())}`;
    const { file, sha256, bytes } = await writeExport(
      make,
      `${name}.jsonl`,
      render(entries, "jsonl"),
    );
    const about = { organizationId, ...isoPeriod(period), entries: entries.length, bytes, sha256 };
    const text = `${JSON.stringify(about, null, 2)}\n`;
    const { file: manifest } = await writeExport(make, `${name}.manifest.json`, text);
    return { file, manifest, entries: entries.length, sha256 };
  },
});

const auditJournal = tool({
  name: "audit_journal",
  title: "Journal of changes",
  description:
    "What the Make servers that share MAKE_STATE_DIR changed, and whether the chain of hashes holds.",
  access: "read",
  sources: ["local"],
  calls: [],
  input: {
    since: when.moment("Since then; absent, all"),
    limit: z.int().min(1).max(MAX_LISTED).default(50).describe("Changes shown, newest first"),
  },
  output: {
    changes: field.rows("At, tool, endpoint, target, hash"),
    total: z.int().min(0).describe("That fit"),
    intact: z.boolean().describe("Whether no entry was changed or taken out"),
    brokenAt: z.string().nullable().describe("Time of the first entry that does not fit the chain"),
  },
  async run({ since, limit }, make) {
    make.context.require("MAKE_STATE_DIR");
    const { entries, brokenAt } = await readJournal(make.context.config.MAKE_STATE_DIR ?? "");
    const from = since === undefined ? 0 : Date.parse(since);
    const fitting = entries.filter(({ at }) => Date.parse(at) >= from).reverse();
    return {
      changes: fitting.slice(0, limit).map(({ previous: _, ...change }) => change),
      total: fitting.length,
      intact: brokenAt === -1,
      brokenAt: entries[brokenAt]?.at ?? null,
    };
  },
});

export const auditCompliance = [
  auditLogsList,
  auditLogGet,
  auditSummary,
  auditExport,
  auditJournal,
];
