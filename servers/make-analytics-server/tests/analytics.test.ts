import { readFile } from "node:fs/promises";
import { describe, expect, it } from "vitest";
import { server } from "../src/server.ts";
import { openMake } from "./shared/make-stub/harness.ts";

describe("analytics_overview", () => {
  it("answers in whole, counted where Make's own analytics are refused", async () => {
    const { ask } = await openMake(server);
    const answer = await ask("analytics_overview");
    expect(answer).toMatchObject({
      data: {
        // 13 to 19 November, and the seven days before
        now: { operations: 8_050, credits: 8_050 },
        before: { operations: 8_050, credits: 8_050 },
        changePercent: { credits: 0 },
      },
      partial: [{ part: "Make's own analytics", reason: "role" }],
    });
    expect(answer).toMatchSnapshot();
  });

  it("adds Make's own rows on Enterprise", async () => {
    const { data } = await openMake(server, { plan: "Enterprise" });
    expect(await data("analytics_overview", { teamId: 201 })).toMatchObject({
      analytics: [{ scenarioId: 4001, executions: 14 }],
    });
  });

  it("does without an endpoint that this zone has not", async () => {
    const { ask } = await openMake(server, {
      intercept: ({ path }) =>
        path === "/analytics/101" ? { status: 404, body: { code: "SC404" } } : undefined,
    });
    expect(await ask("analytics_overview")).toMatchObject({
      data: { now: { operations: 8_050 } },
      partial: [{ part: "Make's own analytics", reason: "absent" }],
    });
  });

  it("gives no usage for a part of a day", async () => {
    const { ask } = await openMake(server);
    const day = { from: "2026-11-19T00:00:00Z", to: "2026-11-19T23:00:00Z" };
    const answer = await ask("analytics_overview", day);
    expect(answer).toMatchObject({ data: { now: { operations: null, credits: null } } });
    expect(answer.partial).toContainEqual(expect.objectContaining({ part: "usage" }));
  });

  it("gives no figure for days that Make does not tell of", async () => {
    const { ask } = await openMake(server);
    const answer = await ask("analytics_overview", { from: "2026-10-25T00:00:00Z" });
    expect(answer).toMatchObject({
      data: { before: { operations: null }, changePercent: { operations: null } },
    });
    expect(answer.partial).toContainEqual(expect.objectContaining({ part: "usage before" }));
  });
});

describe("analytics_ranking", () => {
  it("answers in whole", async () => {
    const { ask } = await openMake(server);
    expect(await ask("analytics_ranking", { limit: 3 })).toMatchSnapshot();
  });

  it("counts errors in the logs", async () => {
    const { data } = await openMake(server);
    const input = { by: "errors", limit: 2, from: "2026-10-21T00:00:00Z" };
    expect(await data("analytics_ranking", input)).toMatchObject({
      scenarios: [
        { rank: 1, scenarioId: 4005, runs: 8, errors: 8, sharePercent: 47.1 },
        { rank: 2, scenarioId: 4001, runs: 60, errors: 6, sharePercent: 35.3 },
      ],
    });
  });
});

describe("analytics_trend", () => {
  it("answers in whole", async () => {
    const { ask } = await openMake(server);
    expect(await ask("analytics_trend")).toMatchSnapshot();
  });

  it("finds a day that stands out", async () => {
    const { data } = await openMake(server, {
      intercept: ({ path }, usual) => {
        const answer = usual();
        if (path !== "/organizations/101/usage") return answer;
        const { data: days } = answer.body as { data: { date: string; centicredits: number }[] };
        const changed = days.map((day) =>
          day.date === "10-11-2026" ? { ...day, centicredits: 900_000 } : day,
        );
        return { body: { data: changed } };
      },
    });
    expect(await data("analytics_trend")).toMatchObject({
      outliers: [{ date: "2026-11-10", value: 9_000 }],
    });
  });
});

describe("analytics_export", () => {
  it("writes a file, and answers in whole", async () => {
    const { ask, stateDir } = await openMake(server);
    const answer = (await ask("analytics_export", { kind: "trend" })) as { data: { file: string } };
    expect(answer.data.file.startsWith(stateDir)).toBe(true);
    const text = await readFile(answer.data.file, "utf8");
    expect(text.split("\r\n").slice(0, 2)).toEqual([
      "date,operations,credits,complete,mean7",
      "2026-10-22,1000,1000,true,",
    ]);
    const data = { ...answer.data, file: answer.data.file.replace(stateDir, "") };
    expect({ ...answer, data }).toMatchSnapshot();
  });

  it("takes a folder", async () => {
    const { error } = await openMake(server, { env: { MAKE_STATE_DIR: "" } });
    await error("analytics_export", { kind: "trend" }, "CONFIG_ERROR");
  });
});
