import { describe, expect, it } from "vitest";
import { server } from "../src/server.ts";
import { openMake } from "./shared/make-stub/harness.ts";

const EXECUTION = "92b125fabd218accea958fcdc3f4e7b4";

describe("logs_pull", () => {
  it("answers in whole", async () => {
    const { ask } = await openMake(server);
    expect(await ask("logs_pull", { scenarioIds: [4001, 4002] })).toMatchSnapshot();
  });

  it("gives each row once, oldest first, in batches of any size", async () => {
    const { data, stub } = await openMake(server);
    const rows: { imtId: string; timestamp: string }[] = [];
    let more = true;
    while (more) {
      const batch = await data("logs_pull", { scenarioIds: [4010, 4001], max: 7 });
      rows.push(...(batch.lines as string[]).map((line) => JSON.parse(line)));
      more = batch.more === true;
    }
    const since = Date.parse("2026-11-19T00:00:00Z");
    const expected = [4010, 4001].flatMap((id) =>
      (stub.world.logs[id] ?? []).filter((row) => Date.parse(String(row.timestamp)) >= since),
    );
    expect(new Set(rows.map(({ imtId }) => imtId)).size).toBe(rows.length);
    expect(rows).toHaveLength(expected.length);
    expect(rows.map(({ timestamp }) => timestamp)).toEqual(
      rows.map(({ timestamp }) => timestamp).sort(),
    );
    expect(await data("logs_pull", { scenarioIds: [4010, 4001] })).toEqual({
      lines: [],
      more: false,
    });
  });

  it("gives the last batch again when asked", async () => {
    const { data } = await openMake(server);
    const first = await data("logs_pull", { scenarioIds: [4010], max: 3 });
    const again = await data("logs_pull", { scenarioIds: [4010], max: 3, repeat: true });
    expect(again).toEqual(first);
    const other = await data("logs_pull", { scenarioIds: [4010], max: 3, cursorName: "other" });
    expect(other).toEqual(first);
  });

  it.each(["otlp", "syslog"])("speaks %s", async (format) => {
    const { data } = await openMake(server);
    expect(await data("logs_pull", { scenarioIds: [4001], format })).toMatchSnapshot();
  });
});

describe("logs_query", () => {
  it("answers in whole", async () => {
    const { ask } = await openMake(server);
    const input = { scenarioId: 4001, status: "error", minDurationMs: 5_900 };
    expect(await ask("logs_query", input)).toMatchSnapshot();
  });

  it("keeps events apart from runs", async () => {
    const { data } = await openMake(server);
    const { runs, events } = await data("logs_query", { scenarioId: 4001, limit: 200 });
    expect(runs).toHaveLength(60);
    expect(events).toMatchObject([{ type: "modify" }]);
  });
});

describe("logs_execution", () => {
  it("answers in whole", async () => {
    const { ask } = await openMake(server);
    const input = { scenarioId: 4001, executionId: EXECUTION };
    expect(await ask("logs_execution", input)).toMatchSnapshot();
  });

  it("leaves out outputs that are too large, and says how large", async () => {
    const { ask } = await openMake(server);
    const input = { scenarioId: 4009, executionId: "5a1d0e" };
    expect(await ask("logs_execution", { ...input, maxBytes: 16 })).not.toHaveProperty("partial");
    expect(await ask("logs_execution", { ...input, maxBytes: 15 })).toMatchObject({
      data: { execution: { status: "SUCCESS" } },
      partial: [{ part: "outputs", need: "maxBytes of at least 16" }],
    });
  });

  it("names a run that Make does not keep", async () => {
    const { error } = await openMake(server);
    await error("logs_execution", { scenarioId: 4001, executionId: "x" }, "NOT_FOUND");
  });
});

describe("hook_logs_pull", () => {
  it("answers in whole", async () => {
    const { ask } = await openMake(server);
    expect(await ask("hook_logs_pull", { hookId: 7001 })).toMatchSnapshot();
  });
});
