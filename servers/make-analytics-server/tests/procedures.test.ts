import { describe, expect, it } from "vitest";
import { server } from "../src/server.ts";
import { openMake } from "./shared/make-stub/harness.ts";

describe("incomplete_executions", () => {
  it("answers in whole", async () => {
    const { ask } = await openMake(server);
    expect(await ask("incomplete_executions")).toMatchSnapshot();
  });

  it("looks at one scenario", async () => {
    const { data } = await openMake(server);
    expect(await data("incomplete_executions", { scenarioId: 4001 })).toMatchObject({ total: 2 });
  });
});

describe("incomplete_executions_resolve", () => {
  const ids = ["a800f283ab0d9090df6e4570d8ce4ed5", "gone"];

  it("shows first, then retries those there are, and answers in whole", async () => {
    const { ask, stub } = await openMake(server);
    const input = { scenarioId: 4001, action: "retry", ids };
    expect(await ask("incomplete_executions_resolve", input)).toMatchSnapshot();
    expect(stub.writes).toEqual([]);
    const done = await ask("incomplete_executions_resolve", { ...input, confirm: true });
    expect(done).toMatchSnapshot();
    expect(stub.writes).toMatchObject([{ path: "/dlqs/retry", body: { ids: ids.slice(0, 1) } }]);
  });

  it("deletes all when none is named", async () => {
    const { data, stub } = await openMake(server);
    await data("incomplete_executions_resolve", {
      scenarioId: 4005,
      action: "delete",
      confirm: true,
    });
    expect(stub.writes).toMatchObject([{ method: "DELETE", path: "/dlqs" }]);
    const [write] = stub.writes;
    expect(write?.body).toHaveProperty("ids.length", 5);
  });
});

describe("rpc_call", () => {
  it("answers in whole", async () => {
    const { ask, stub } = await openMake(server);
    const input = {
      app: "google-sheets",
      version: 2,
      rpc: "listSheets",
      data: { __IMTCONN__: 6003 },
    };
    expect(await ask("rpc_call", input)).toMatchSnapshot();
    expect(stub.writes).toMatchObject([
      { path: "/rpcs/google-sheets/2/listSheets", body: { data: { __IMTCONN__: 6003 } } },
    ]);
  });
});
