import { describe, expect, it } from "vitest";
import { server } from "../src/server.ts";
import { openMake } from "./shared/make-stub/harness.ts";

interface Found {
  id: number;
  findings: string[];
}
const having = (rows: unknown, finding: string) =>
  (rows as Found[]).filter(({ findings }) => findings.includes(finding)).map(({ id }) => id);

describe("access_review_users", () => {
  it("answers in whole, with the planted findings", async () => {
    const { ask, data } = await openMake(server);
    expect(await ask("access_review_users")).toMatchSnapshot();
    const { users } = await data("access_review_users");
    expect(having(users, "no-2fa")).toEqual([302, 303, 305]);
    expect(having(users, "outside-domain")).toEqual([303]);
    expect(having(users, "invitation-expired")).toEqual([305]);
    expect(having(users, "inactive")).toEqual([303]);
  });

  it("takes the domains it is given", async () => {
    const { data } = await openMake(server);
    const { users } = await data("access_review_users", { domains: ["Example.net"] });
    expect(having(users, "outside-domain")).toEqual([301, 302, 304, 305]);
  });

  it("says that the plan shows no 2FA", async () => {
    const { ask } = await openMake(server, {
      intercept: ({ path }, usual) =>
        path === "/users" ? { body: { users: [{ id: 301, name: "Ada" }] } } : usual(),
    });
    const { partial } = await ask("access_review_users");
    expect(partial).toMatchObject([{ part: "2FA", reason: "plan" }]);
  });
});

describe("access_review_tokens", () => {
  it("answers in whole, with the old laptop", async () => {
    const { ask, data } = await openMake(server);
    expect(await ask("access_review_tokens")).toMatchSnapshot();
    const { tokens } = await data("access_review_tokens");
    expect(tokens).toMatchObject([
      { label: "CI", ageDays: 40, findings: [] },
      { label: "old laptop", ageDays: 500, findings: ["old", "admin-scope", "may-change-rights"] },
      { label: "MCP", ageDays: 10, findings: [] },
    ]);
  });
});

describe("access_review_connections", () => {
  it("answers in whole, with the planted findings", async () => {
    const { ask, data } = await openMake(server);
    expect(await ask("access_review_connections")).toMatchSnapshot();
    const { connections } = await data("access_review_connections");
    expect(having(connections, "expired")).toEqual([6005]);
    expect(having(connections, "expiring")).toEqual([6003]);
    expect(having(connections, "wide-scopes")).toEqual([6003]);
    expect(having(connections, "unused")).toEqual([6005, 6006]);
    expect(having(connections, "used-by-other-team")).toEqual([6002]);
    expect(having(connections, "owner-not-in-team")).toEqual([6005]);
  });
});

describe("access_review_exposure", () => {
  it("answers in whole, with the share link of 4002", async () => {
    const { ask } = await openMake(server);
    const answer = await ask("access_review_exposure");
    expect(answer).toMatchObject({ data: { shared: [{ scenarioId: 4002 }] } });
    expect(answer).toMatchSnapshot();
  });
});

describe("access_set_tfa", () => {
  it("shows first, then sets, and answers in whole", async () => {
    const { ask, stub } = await openMake(server);
    expect(await ask("access_set_tfa", { enable: true })).toMatchSnapshot();
    expect(stub.writes).toEqual([]);
    expect(await ask("access_set_tfa", { enable: true, confirm: true })).toMatchSnapshot();
    expect(stub.writes).toMatchObject([{ body: { tfaEnforced: true } }]);
  });

  it("takes the Owner", async () => {
    const { ask } = await openMake(server, { role: "member" });
    expect(await ask("access_set_tfa", { enable: true, confirm: true })).toMatchObject({
      unavailable: { reason: "role", need: "organisation Owner" },
    });
  });
});
