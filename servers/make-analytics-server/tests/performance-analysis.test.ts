import { describe, expect, it } from "vitest";
import { server } from "../src/server.ts";
import { MAX_APPS } from "../src/tools/performance-analysis.ts";
import { openMake } from "./shared/make-stub/harness.ts";

describe("performance_summary", () => {
  it("answers in whole", async () => {
    const { ask } = await openMake(server);
    expect(await ask("performance_summary", { teamId: 201 })).toMatchSnapshot();
  });

  it("counts runs only, by nearest rank, over all pages of the log", async () => {
    const { data } = await openMake(server);
    expect(await data("performance_summary", { scenarioIds: [4001] })).toMatchObject({
      scenarios: [{ id: 4001, runs: 60, p50Ms: 3_000, p95Ms: 5_700, maxMs: 6_000, errorRate: 0.1 }],
    });
  });

  it("says when there were more runs than it read", async () => {
    const { ask } = await openMake(server);
    const answer = await ask("performance_summary", { scenarioIds: [4001], maxRuns: 10 });
    expect(answer).toMatchObject({ partial: [{ part: "runs of scenario 4001", reason: "size" }] });
  });

  it("refuses a scan that takes more calls than it may, and says how many", async () => {
    const { error } = await openMake(server);
    const body = await error("performance_summary", { maxCalls: 71 }, "VALIDATION_ERROR");
    expect(body.details).toMatchObject({ reason: "too_many_calls", calls: 72 });
  });

  it("names a scenario that there is not", async () => {
    const { error } = await openMake(server);
    const { message } = await error("performance_summary", { scenarioIds: [9] }, "NOT_FOUND");
    expect(message).toContain("scenario 9");
  });

  it("wants a period that ends after it begins", async () => {
    const { error } = await openMake(server);
    await error("performance_summary", { from: "2026-12-01T00:00:00Z" }, "VALIDATION_ERROR");
  });
});

describe("performance_regressions", () => {
  it("answers in whole, with the planted one", async () => {
    const { ask, data } = await openMake(server);
    expect(await ask("performance_regressions")).toMatchSnapshot();
    expect(await data("performance_regressions", { scenarioIds: [4002] })).toMatchObject({
      regressions: [{ id: 4002, kind: "slower", before: 1_000, now: 3_000, changePercent: 200 }],
    });
  });
});

describe("performance_errors", () => {
  it("answers in whole", async () => {
    const { ask } = await openMake(server);
    expect(await ask("performance_errors")).toMatchSnapshot();
  });

  it.each([
    [MAX_APPS, undefined],
    [MAX_APPS + 1, [{ part: "app of all groups but the first 20", reason: "size" }]],
  ])("looks up the app of as many groups as it says, of %i", async (count, partial) => {
    const { ask, stub } = await openMake(server);
    const [failed] = stub.world.logs["4001"]?.filter(({ status }) => status === 3) ?? [];
    stub.world.logs["4001"] = Array.from({ length: count }, (_, at) => ({
      ...failed,
      id: `${failed?.id}-${at}`,
      imtId: `${failed?.imtId}-${at}`,
      error: { name: `Error${at}`, message: "" },
    }));
    const asked = await ask("performance_errors", { scenarioIds: [4001] });
    expect(asked).toMatchObject({
      data: { groups: { length: count } },
      ...(partial && { partial }),
    });
    expect("partial" in asked).toBe(partial !== undefined);
  });
});

describe("performance_modules", () => {
  it("answers in whole", async () => {
    const { ask } = await openMake(server);
    expect(await ask("performance_modules", { scenarioId: 4002 })).toMatchSnapshot();
  });
});

describe("performance_advice", () => {
  it("answers in whole", async () => {
    const { ask } = await openMake(server);
    expect(await ask("performance_advice", { scenarioId: 4001 })).toMatchSnapshot();
  });

  it("finds routes without filters", async () => {
    const { data } = await openMake(server);
    expect(await data("performance_advice", { scenarioId: 4010 })).toMatchObject({
      advice: expect.arrayContaining([
        expect.objectContaining({ rule: "routes-without-filter", modules: [2] }),
      ]),
    });
  });
});
