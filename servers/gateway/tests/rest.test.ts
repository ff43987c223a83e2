import { describe, expect, it } from "vitest";
import { PROBLEMS } from "../src/rest/problem.ts";
import { describeAtEachAddress } from "./support/address.ts";
import { eventData } from "./support/events.ts";
import { restOfSuite } from "./support/rest.ts";

describeAtEachAddress((replicas) => {
  const rest = restOfSuite({ replicas });

  describe("a tool over REST", () => {
    it("answers with its structured result, or with its content", async () => {
      const sum = await rest.call("typed", "add", { a: 1, b: 2 });
      expect([sum.status, await sum.json()]).toEqual([200, { sum: 3 }]);
      const plain = await rest.call("typed", "plain");
      expect(await plain.json()).toEqual({ content: [{ type: "text", text: "123" }] });
    });

    it("answers whole, always with 200, when the raw result is asked for", async () => {
      const accept = "application/vnd.mcp.result+json";
      const failed = await rest.call("typed", "fail", { code: "NOT_FOUND" }, { accept });
      expect(failed.status).toBe(200);
      expect(failed.headers.get("content-type")).toBe(accept);
      expect(await failed.json()).toMatchObject({ isError: true });
    });

    it("reports its progress when events are asked for", async () => {
      const accept = "text/event-stream";
      const reported = await rest.call("typed", "report", {}, { accept });
      expect(eventData(await reported.text())).toEqual([
        ["progress", { progress: 1, total: 2, message: "half" }],
        ["log", { level: "info", data: "working" }],
        ["result", { content: [{ type: "text", text: "reported" }] }],
      ]);
      const failed = await rest.call("typed", "fail", { code: "CONFLICT" }, { accept });
      expect(eventData(await failed.text())).toMatchObject([["problem", { status: 409 }]]);
    });

    it("asks by 409, and goes on with the answer", async () => {
      const asked = await rest.call("typed", "ask");
      expect(asked.status).toBe(409);
      const { inputRequests, requestState, type } = await asked.json();
      expect(type).toBe("urn:flotilla:problem:input-required");
      expect(inputRequests.name).toMatchObject({ method: "elicitation/create" });
      const inputResponses = { name: { action: "accept", content: { name: "Ada" } } };
      const again = await rest.call("typed", "ask", {
        arguments: {},
        inputResponses,
        requestState,
      });
      expect([again.status, await again.json()]).toEqual([200, { hello: "Ada" }]);
    });

    it("is listed, and never run by a GET", async () => {
      const listed = await rest.get("/typed/tools");
      const { server, state, tools } = await listed.json();
      expect({ server, state }).toEqual({ server: "typed", state: "ready" });
      expect(tools.map(({ name }: { name: string }) => name)).toContain("add");
      const got = await rest.get("/typed/tools/add");
      expect([got.status, got.headers.get("allow")]).toEqual([405, "POST"]);
    });
  });

  describe("a problem over REST", () => {
    it.each([
      ["VALIDATION_ERROR", 422, "invalid-arguments"],
      ["NOT_FOUND", 404, "not-found"],
      ["CONFIG_ERROR", 424, "configuration-missing"],
      ["PERMISSION_DENIED", 403, "forbidden"],
      ["CONFLICT", 409, "conflict"],
      ["RATE_LIMITED", 429, "too-many-requests"],
      ["API_ERROR", 502, "upstream-error"],
      ["TIMEOUT", 504, "timeout"],
      ["CANCELLED", 422, "tool-error"],
      ["UNAVAILABLE", 503, "unavailable"],
      ["UNKNOWN", 500, "internal-error"],
      ["OTHER", 422, "tool-error"],
      ["", 422, "tool-error"],
    ])("of a tool that fails with %s is %s %s", async (code, status, kind) => {
      const failed = await rest.call("typed", "fail", { code });
      expect(failed.headers.get("content-type")).toBe("application/problem+json");
      expect(failed.status).toBe(status);
      const body = await failed.json();
      expect(body).toMatchObject({ status, type: `urn:flotilla:problem:${kind}` });
      expect(body.result, "the whole result is there").toMatchObject({ isError: true });
    });

    it("points to each argument that is wrong", async () => {
      const failed = await rest.call("typed", "fail", { code: "VALIDATION_ERROR" });
      expect((await failed.json()).errors).toEqual([{ pointer: "#/a~1b/0", detail: "is wrong" }]);
    });

    it("says when to try again", async () => {
      const failed = await rest.call("typed", "fail", { code: "RATE_LIMITED" });
      expect(failed.headers.get("retry-after")).toBe("7");
      const down = await rest.call("away", "anything");
      expect(down.status).toBe(503);
      expect(Number(down.headers.get("retry-after"))).toBeGreaterThan(0);
    });

    it.each([
      ["no JSON", "{", {}, 400, "parse-error"],
      ["no object", "[1]", {}, 400, "parse-error"],
      ["too deep", `${'{"a":'.repeat(65)}1${"}".repeat(65)}`, {}, 400, "parse-error"],
      [
        "no JSON by its type",
        "{}",
        { "content-type": "text/plain" },
        415,
        "unsupported-media-type",
      ],
      ["for an answer that there is not", "{}", { accept: "image/png" }, 406, "not-acceptable"],
      ["too large", `"${"x".repeat(4 * 1024 * 1024)}"`, {}, 413, "too-large"],
    ])("of a body that is %s", async (_, body, headers, status, kind) => {
      const refused = await rest.post("/typed/tools/add", body, headers);
      expect([refused.status, (await refused.json()).type]).toEqual([
        status,
        `urn:flotilla:problem:${kind}`,
      ]);
    });

    it("of an unknown name says which was perhaps meant", async () => {
      const tool = await rest.call("typed", "adds");
      expect([tool.status, (await tool.json()).detail]).toEqual([
        404,
        'typed has no tool "adds". Did you mean "add"?',
      ]);
      const server = await rest.call("tyepd", "add");
      expect([server.status, (await server.json()).detail]).toEqual([
        404,
        'No server is called "tyepd". Did you mean "typed"?',
      ]);
    });

    it("of a protocol's error has a status of its own", async () => {
      const statusOf = async (code: number) => (await rest.call("typed", "rpc", { code })).status;
      expect(await Promise.all([-32602, -32601, -32600, -32021, -32603, -1].map(statusOf))).toEqual(
        [422, 404, 400, 400, 502, 502],
      );
    });

    it("of a server that has too many calls is 429, and of one that is silent 504", async () => {
      // each replica has a place for one
      const calls = Array.from({ length: replicas + 1 }, () => rest.call("narrow", "wait"));
      const statuses = (await Promise.all(calls)).map(({ status }) => status);
      expect(statuses.sort()).toEqual([429, ...Array(replicas).fill(504)]);
    });

    it("has one title and one status a kind", () => {
      for (const [status] of Object.values(PROBLEMS)) expect(status).toBeGreaterThanOrEqual(400);
    });
  });
});
