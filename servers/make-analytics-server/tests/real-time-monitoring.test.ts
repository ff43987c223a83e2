import { describe, expect, it, vi } from "vitest";
import { server } from "../src/server.ts";
import { openMake } from "./shared/make-stub/harness.ts";

const EXECUTION = "92b125fabd218accea958fcdc3f4e7b4";
const path = `/scenarios/4001/executions/${EXECUTION}`;

describe("monitor_snapshot", () => {
  it("answers in whole", async () => {
    const { ask } = await openMake(server);
    expect(await ask("monitor_snapshot")).toMatchSnapshot();
  });
});

describe("monitor_watch", () => {
  it("answers in whole", async () => {
    const { ask } = await openMake(server);
    const input = { scenarioIds: [4001, 4010], minutes: 0, minStatus: "error" };
    expect(
      await ask("monitor_watch", { ...input, from: "2026-11-19T10:00:00Z" }),
    ).toMatchSnapshot();
  });

  it("tells a run that comes while it looks, once", async () => {
    let looks = 0;
    const row = {
      imtId: "9_new",
      id: "new",
      timestamp: "2026-11-20T00:00:01.000Z",
      status: 1,
      duration: 5,
    };
    const { data } = await openMake(server, {
      intercept: ({ path, query }, usual) => {
        if (path !== "/scenarios/4003/logs") return usual();
        if (query.get("pg[last]") !== null) return { body: { scenarioLogs: [], pg: {} } };
        looks += 1;
        return { body: { scenarioLogs: looks > 1 ? [row] : [], pg: { last: "9_new" } } };
      },
    });
    // a second passes between two looks, however many on a busy machine
    vi.spyOn(performance, "now").mockImplementation(() => Math.max(0, looks - 1) * 1_000);
    const input = { scenarioIds: [4003], minutes: 0.04, everySeconds: 1 };
    expect(await data("monitor_watch", input)).toMatchObject({ runs: [{ id: "new" }], looks: 3 });
  });
});

describe("monitor_execution", () => {
  it("answers in whole", async () => {
    const { ask } = await openMake(server);
    const input = { scenarioId: 4001, executionId: EXECUTION };
    expect(await ask("monitor_execution", input)).toMatchSnapshot();
  });

  it("gives up in time on a run that goes on", async () => {
    const { data } = await openMake(server, {
      intercept: (request, usual) =>
        request.path === path ? { body: { status: "RUNNING" } } : usual(),
    });
    const input = { scenarioId: 4001, executionId: EXECUTION, timeoutSeconds: 0 };
    expect(await data("monitor_execution", input)).toMatchObject({ ended: false });
  });
});

describe("monitor_stop_execution", () => {
  const input = { scenarioId: 4001, executionId: EXECUTION };

  it("shows first, then stops, and answers in whole", async () => {
    const { ask, stub } = await openMake(server, {
      intercept: (request, usual) =>
        request.path === path ? { body: { status: "RUNNING" } } : usual(),
    });
    expect(await ask("monitor_stop_execution", input)).toMatchSnapshot();
    expect(stub.writes).toEqual([]);
    expect(await ask("monitor_stop_execution", { ...input, confirm: true })).toMatchSnapshot();
    expect(stub.writes).toMatchObject([{ path: `${path}/stop`, body: { force: false } }]);
  });

  it("leaves alone what has ended", async () => {
    const { data, stub } = await openMake(server);
    expect(await data("monitor_stop_execution", { ...input, confirm: true })).toEqual({
      stopped: false,
      status: "ERROR",
    });
    expect(stub.writes).toEqual([]);
  });
});
