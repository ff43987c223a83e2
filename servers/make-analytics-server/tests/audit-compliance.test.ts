import { createHash } from "node:crypto";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { server } from "../src/server.ts";
import { openMake } from "./shared/make-stub/harness.ts";

const uuid = "00000000-0000-4000-8000-000000000002";

describe("audit_logs_list", () => {
  it("answers in whole", async () => {
    const { ask } = await openMake(server);
    expect(await ask("audit_logs_list", { limit: 2 })).toMatchSnapshot();
  });

  it("filters by event, author and time, and pages", async () => {
    const { data } = await openMake(server);
    expect(await data("audit_logs_list")).toMatchObject({ total: 40 });
    const input = { events: ["scenario_deleted"], author: 302 };
    const all = await data("audit_logs_list", input);
    expect(all).toMatchObject({ total: 2 });
    const first = await data("audit_logs_list", { ...input, limit: 1 });
    const second = await data("audit_logs_list", { ...input, limit: 1, cursor: first.nextCursor });
    expect([first.entries, second.entries].flat()).toEqual(all.entries);
    expect(second.nextCursor).toBeUndefined();
  });
});

describe("audit_log_get", () => {
  it("answers in whole", async () => {
    const { ask } = await openMake(server);
    expect(await ask("audit_log_get", { uuid })).toMatchSnapshot();
  });

  it("is not on the Core plan, and says which plans have it", async () => {
    const { ask } = await openMake(server, { plan: "Core" });
    expect(await ask("audit_log_get", { uuid })).toMatchSnapshot();
  });

  it("takes an Admin or Owner, and says so", async () => {
    const { ask } = await openMake(server, { role: "member" });
    expect(await ask("audit_log_get", { uuid })).toMatchObject({
      unavailable: { reason: "role", need: "organisation Admin or Owner" },
    });
  });
});

describe("audit_summary", () => {
  it("answers in whole", async () => {
    const { ask } = await openMake(server);
    expect(await ask("audit_summary")).toMatchSnapshot();
  });

  it("names who was not seen in the days before", async () => {
    const { data } = await openMake(server);
    // 19 November: Ada and Bob and Cyd; the day before the same three
    expect(await data("audit_summary", { days: 1 })).toMatchObject({ firstTimeActors: [] });
    expect(await data("audit_summary")).toMatchObject({ firstTimeActors: null });
  });
});

describe("audit_export", () => {
  it("writes entries and a manifest that fits them, and answers in whole", async () => {
    const { ask, stateDir } = await openMake(server);
    const answer = (await ask("audit_export")) as {
      data: { file: string; manifest: string; sha256: string };
    };
    const text = await readFile(answer.data.file, "utf8");
    expect(text.trimEnd().split("\n")).toHaveLength(40);
    expect(createHash("sha256").update(text).digest("hex")).toBe(answer.data.sha256);
    expect(JSON.parse(await readFile(answer.data.manifest, "utf8"))).toMatchObject({
      entries: 40,
      sha256: answer.data.sha256,
    });
    expect(JSON.parse(JSON.stringify(answer).replaceAll(stateDir, ""))).toMatchSnapshot();
  });
});

describe("audit_journal", () => {
  it("tells what was changed, and that nobody touched it; answers in whole", async () => {
    const { ask, data, stateDir } = await openMake(server);
    await data("budget_set_team_limit", { teamId: 201, operationsLimit: 1, confirm: true });
    await data("notifications_mark_read", { confirm: true });
    expect(await ask("audit_journal")).toMatchSnapshot();
    const file = join(stateDir, "journal.jsonl");
    await writeFile(file, (await readFile(file, "utf8")).replace("201", "202"));
    expect(await data("audit_journal")).toMatchObject({ intact: false, total: 2 });
  });
});
