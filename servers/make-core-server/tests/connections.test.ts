import { describe, expect, it } from "vitest";
import { server } from "../src/server.ts";
import { openMake } from "./shared/make-stub/harness.ts";

describe("connections_list", () => {
  it("answers in whole, with what uses each", async () => {
    const { ask } = await openMake(server);
    expect(await ask("connections_list", { withUsage: true })).toMatchSnapshot();
  });

  it("finds the scenario of another team that uses a connection", async () => {
    const { data } = await openMake(server);
    const { connections } = await data("connections_list", { teamId: 201, withUsage: true });
    const openai = (connections as { id: number; usedBy: object[] }[]).find(
      ({ id }) => id === 6002,
    );
    expect(openai?.usedBy).toEqual([
      { id: 4002, name: "MKT | Leads | Score", active: true },
      { id: 4009, name: "FIN | Invoices | Classify", active: true },
    ]);
  });

  it("asks one call only when usage is not wanted, and sends the types", async () => {
    const { ask, stub } = await openMake(server);
    const { data } = await ask("connections_list", { types: ["slack3"] });
    expect(data).toMatchObject({ connections: [{ id: 6004 }], total: 1 });
    expect(stub.requests.at(-1)).toBe("GET /connections?teamId=201&type[]=slack3");
  });

  it("says how many calls a scan would take when it takes too many", async () => {
    const { error } = await openMake(server);
    const { message } = await error(
      "connections_list",
      { withUsage: true, maxCalls: 11 },
      "VALIDATION_ERROR",
    );
    expect(message).toContain("12 calls");
    expect(message).toContain("maxCalls to 12");
  });
});

it("connections_get answers in whole", async () => {
  const { ask } = await openMake(server);
  expect(await ask("connections_get", { connectionId: 6003 })).toMatchSnapshot();
});

it("connections_verify answers in whole, and an expired one is refused by its app", async () => {
  const { ask, data } = await openMake(server);
  expect(await ask("connections_verify", { connectionId: 6001 })).toMatchSnapshot();
  expect(await data("connections_verify", { connectionId: 6005 })).toEqual({ verified: false });
});

it("connections_request answers in whole", async () => {
  const { ask, stub } = await openMake(server);
  const credentials = [{ appName: "slack", appModules: ["CreateMessage"] }];
  const input = { name: "Slack for us", provider: { email: "ada@example.com" }, credentials };
  expect(await ask("connections_request", input)).toMatchSnapshot();
  expect(stub.writes[0]?.body).toEqual({ teamId: 201, ...input });
});

it("connections_delete shows what would break, then deletes, and answers in whole", async () => {
  const { ask, stub } = await openMake(server);
  expect(await ask("connections_delete", { connectionId: 6002 })).toMatchSnapshot();
  expect(stub.writes).toEqual([]);
  expect(await ask("connections_delete", { connectionId: 6002, confirm: true })).toMatchSnapshot();
  expect(stub.requests.at(-1)).toBe("DELETE /connections/6002?confirmed=true");
});

describe("hooks_list", () => {
  it("answers in whole, with addresses masked", async () => {
    const { ask } = await openMake(server);
    const answer = await ask("hooks_list", {});
    expect(answer).toMatchSnapshot();
    expect(JSON.stringify(answer)).not.toContain("EXAMPLE70");
  });

  it.each([
    [{ minQueuePct: 98 }, [7002]],
    [{ minQueuePct: 99 }, []],
    [{ assigned: false }, [7003]],
    [{ teamId: 202 }, [7004]],
  ])("filters by %j", async (input, ids) => {
    const { data } = await openMake(server);
    const { hooks } = await data("hooks_list", input);
    expect((hooks as { id: number }[]).map(({ id }) => id)).toEqual(ids);
  });

  it("masks a mail address too, and reveals where allowed", async () => {
    const closed = await openMake(server);
    expect(await closed.data("hooks_list", { teamId: 202 })).toMatchObject({
      hooks: [{ address: "****@hook.eu1.make.com" }],
    });
    const open = await openMake(server, { env: { MAKE_REVEAL: "true" } });
    expect(await open.data("hooks_list", { teamId: 202, reveal: true })).toMatchObject({
      hooks: [{ address: "example7004@hook.eu1.make.com" }],
    });
  });
});
