import { describe, expect, test, vi } from "vitest";
import * as z from "zod";
import type { ServerEvent } from "#shared/core/contract.ts";
import { definePrompt, defineResource } from "#shared/core/definition.ts";
import { ToolError } from "#shared/core/errors.ts";
import { CHECK_TIMEOUT_MS } from "#shared/core/health.ts";
import { MAX_COMPLETIONS } from "#shared/core/prompts.ts";
import { HEALTH_URI, MAX_SUBSCRIPTIONS } from "#shared/core/resources.ts";
import { host, NOW, openTest } from "./support/instance.ts";

const legacy = host({ era: "legacy" });
const modern = host({ era: "modern" });
const words = ["paris", "park", "rome"];

const resource = (uriTemplate: string, read: () => never) =>
  defineResource({ uriTemplate, name: "r", title: "R", description: "R", read });

const city = defineResource({
  uriTemplate: "city://{name}",
  name: "city",
  title: "City",
  description: "A city",
  complete: (_, value) => words.filter((word) => word.startsWith(value)),
  read: (uri, { name }) => ({ contents: [{ uri, text: `City of ${name}` }] }),
});
const prompt = definePrompt({
  name: "greet",
  title: "Greet",
  description: "Greets",
  arguments: z.object({
    who: z.string().describe("Whom"),
    how: z.string().optional().describe("How"),
  }),
  complete: (name) => (name === "who" ? Array.from({ length: 150 }, (_, at) => `p${at}`) : []),
  get: ({ who }) => ({
    messages: [{ role: "user", content: { type: "text", text: `Hi ${who}` } }],
  }),
});

describe("a resource", () => {
  test("is read by its template's variables", async () => {
    const instance = await openTest({ resources: [city] });
    expect(await instance.read("city://rome", modern)).toEqual({
      result: { contents: [{ uri: "city://rome", text: "City of rome" }] },
    });
  });

  test.each([
    ["legacy", legacy, -32002],
    ["modern", modern, -32602],
  ])("that is not there has the code of its era: %s", async (_, context, code) => {
    const missing = resource("gone://{x}", () => {
      throw new ToolError("NOT_FOUND", "No such thing", { details: { x: 1 } });
    });
    const instance = await openTest({ resources: [missing] });
    expect(await instance.read("nowhere://x", context)).toEqual({
      error: { code, message: "Resource nowhere://x not found", data: { uri: "nowhere://x" } },
    });
    expect(await instance.read("gone://x", context)).toEqual({
      error: { code, message: "No such thing", data: { x: 1, code: "NOT_FOUND" } },
    });
  });

  test("that fails in an unforeseen way says nothing of it", async () => {
    const broken = resource("b://{x}", () => {
      throw new Error("password hunter2");
    });
    const answer = await (await openTest({ resources: [broken] })).read("b://x", modern);
    expect(answer).toMatchObject({ error: { code: -32603, data: { code: "UNKNOWN" } } });
    expect(JSON.stringify(answer)).not.toContain("hunter2");
  });
});

describe("a watch", () => {
  test("may use the configuration, the services and the clock of its server", async () => {
    const seen: unknown[] = [];
    const watched = defineResource({
      uri: "test://watched",
      name: "watched",
      title: "Watched",
      description: "Looks at what it is given",
      read: () => ({ contents: [] }),
      watch: (_uri, _changed, { config, services, now }) => {
        seen.push(config.READ_ONLY, typeof services.get, now());
        return () => {};
      },
    });
    const at = new Date(0);
    const instance = await openTest({ resources: [watched] }, { now: () => at });
    await instance.subscribe("test://watched");
    expect(seen).toEqual([false, "function", at]);
    await instance.close();
  });

  const watching = (stops: string[], events: ServerEvent[] = []) => {
    let change = () => {};
    const watched = defineResource({
      uriTemplate: "w://{x}",
      name: "w",
      title: "W",
      description: "W",
      read: () => ({ contents: [] }),
      watch: (uri, changed) => {
        if (uri === "w://bad") throw new Error("no");
        change = changed;
        return () => {
          stops.push(uri);
          if (uri === "w://stuck") throw new Error("stuck");
        };
      },
    });
    return {
      opened: openTest({ resources: [watched] }, { onEvent: (event) => events.push(event) }),
      change: () => change(),
    };
  };

  test("runs until its last client leaves", async () => {
    const stops: string[] = [];
    const events: ServerEvent[] = [];
    const { opened, change } = watching(stops, events);
    const instance = await opened;
    await instance.subscribe("w://a");
    await instance.subscribe("w://a");
    change();
    expect(events).toEqual([{ kind: "resource_updated", uri: "w://a" }]);
    await instance.unsubscribe("w://a");
    expect(stops).toEqual([]);
    await instance.unsubscribe("w://a");
    await instance.unsubscribe("w://a");
    expect(stops).toEqual(["w://a"]);
  });

  test("that cannot start or stop is an error for its client alone", async () => {
    const stops: string[] = [];
    const instance = await watching(stops).opened;
    expect(await instance.subscribe("w://bad")).toMatchObject({ error: { code: -32602 } });
    expect(await instance.subscribe("x://none")).toMatchObject({ error: { code: -32602 } });
    for (const uri of ["w://stuck", "w://good"]) await instance.subscribe(uri);
    await instance.close();
    expect(stops).toEqual(["w://stuck", "w://good"]);
  });

  test("is one of so many", async () => {
    const instance = await watching([]).opened;
    for (let at = 0; at < MAX_SUBSCRIPTIONS; at++)
      expect(await instance.subscribe(`w://${at}`)).toEqual({ result: {} });
    expect(await instance.subscribe("w://more")).toMatchObject({ error: { code: -32602 } });
  });
});

describe("a prompt", () => {
  test("lists its arguments, and which of them it needs", async () => {
    const { prompts } = await openTest({ prompts: [prompt] });
    expect(prompts[0]?.arguments).toEqual([
      { name: "who", description: "Whom", required: true },
      { name: "how", description: "How", required: false },
    ]);
  });

  test("is got, and bad arguments are an error of the protocol", async () => {
    const instance = await openTest({ prompts: [prompt] });
    expect(await instance.get("greet", { who: "Ann" }, modern)).toMatchObject({
      result: { messages: [{ content: { text: "Hi Ann" } }] },
    });
    for (const context of [legacy, modern]) {
      expect(await instance.get("greet", {}, context)).toMatchObject({
        error: { code: -32602, data: { code: "VALIDATION_ERROR", issues: [{ path: "who" }] } },
      });
      expect(await instance.get("nope", {}, context)).toMatchObject({ error: { code: -32602 } });
    }
  });
});

describe("a completion", () => {
  const complete = async (
    reference: { type: "ref/prompt"; name: string } | { type: "ref/resource"; uri: string },
    name = "who",
    value = "pa",
  ) =>
    (await openTest({ prompts: [prompt], resources: [city] })).complete(
      reference,
      { name, value },
      modern,
    );

  test("proposes no more than the protocol lets it", async () => {
    const { result } = await complete({ type: "ref/prompt", name: "greet" });
    expect(result?.completion).toMatchObject({ total: 150, hasMore: true });
    expect(result?.completion.values).toHaveLength(MAX_COMPLETIONS);
  });

  test("comes from a template too, and may be empty", async () => {
    expect(await complete({ type: "ref/resource", uri: "city://{name}" }, "name")).toEqual({
      result: { completion: { values: ["paris", "park"], total: 2, hasMore: false } },
    });
    expect(await complete({ type: "ref/prompt", name: "greet" }, "how")).toMatchObject({
      result: { completion: { values: [] } },
    });
  });

  test.each([
    [{ type: "ref/prompt", name: "nope" } as const],
    [{ type: "ref/resource", uri: "city://paris" } as const],
  ])("of %j is an error", async (reference) => {
    expect(await complete(reference)).toMatchObject({ error: { code: -32602 } });
  });
});

describe("health", () => {
  const checks = {
    fine: () => {},
    late: async () => {},
    broken: () => {
      throw new Error("no disk");
    },
    down: () => Promise.reject(new Error("connection to postgres://u:s3cret-pass@db failed")),
  };
  const env = { DATABASE_URL: "postgres://u:s3cret-pass@db" };

  test("is ok while every check is", async () => {
    const instance = await openTest({ checks: { fine: checks.fine, late: checks.late } });
    expect(await instance.health()).toMatchObject({
      status: "ok",
      name: "test-server",
      version: "1.2.3",
      uptimeSeconds: 0,
      callsInFlight: 0,
      checks: [
        { name: "fine", status: "ok" },
        { name: "late", status: "ok" },
      ],
    });
  });

  test("fails when one check does, tells which and why, and no secret", async () => {
    const { defineConfig } = await import("#shared/core/config.ts");
    const config = defineConfig({
      DATABASE_URL: { schema: z.string(), describe: "Database", secret: true },
    });
    const report = await (await openTest({ checks, config }, { env })).health();
    expect(report.status).toBe("failing");
    expect(report.checks.filter(({ status }) => status !== "ok")).toEqual([
      { name: "broken", status: "failing", message: "no disk" },
      { name: "down", status: "failing", message: "connection to [secret] failed" },
    ]);
  });

  test("does not wait for a check that hangs", async () => {
    const instance = await openTest({ checks: { hangs: () => new Promise<never>(() => {}) } });
    vi.useFakeTimers();
    try {
      const report = instance.health();
      await vi.advanceTimersByTimeAsync(CHECK_TIMEOUT_MS);
      expect((await report).checks).toEqual([
        { name: "hangs", status: "failing", message: `no answer in ${CHECK_TIMEOUT_MS} ms` },
      ]);
    } finally {
      vi.useRealTimers();
    }
  });

  test("is a resource of every server, and counts the calls that run", async () => {
    const now = () => new Date(NOW.getTime() + 5000);
    const instance = await openTest({}, { now });
    const { result } = await instance.read(HEALTH_URI, modern);
    const [content] = result && "contents" in result ? result.contents : [];
    expect(JSON.parse(content && "text" in content ? content.text : "")).toMatchObject({
      status: "ok",
      memory: { rssBytes: expect.any(Number) },
      eventLoopDelay: { p99Ms: expect.any(Number) },
    });
  });
});
