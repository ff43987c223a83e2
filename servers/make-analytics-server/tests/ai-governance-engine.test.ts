import { describe, expect, it } from "vitest";
import { server } from "../src/server.ts";
import { openMake } from "./shared/make-stub/harness.ts";

describe("ai_inventory", () => {
  it("answers in whole", async () => {
    const { ask } = await openMake(server);
    const answer = await ask("ai_inventory");
    expect(answer).toMatchObject({ data: { totals: { agents: 1, modules: 2, scenarios: 2 } } });
    expect(answer).toMatchSnapshot();
  });
});

describe("ai_review", () => {
  it("answers in whole", async () => {
    const { ask } = await openMake(server);
    expect(await ask("ai_review")).toMatchSnapshot();
  });

  it("takes a cap for one that Make sends as a string", async () => {
    const { data } = await openMake(server, {
      intercept: ({ path, query }, usual) => {
        if (path !== "/ai-agents/v1/agents" || query.get("teamId") !== "201") return undefined;
        const [agent] = usual().body as object[];
        const figures = {
          llmConfig: { maxTokens: "4096" },
          invocationConfig: { recursionLimit: "300" },
        };
        return { body: [{ ...agent, ...figures }] };
      },
    });
    const { findings } = await data("ai_review");
    const ofAgent = (findings as { where: string; rule: string }[]).filter(
      ({ where }) => where === "agent Support triage",
    );
    expect(ofAgent.map(({ rule }) => rule)).toEqual(["auto-run-writes", "high-recursion-limit"]);
  });

  it("judges models by those allowed", async () => {
    const { data } = await openMake(server);
    const unknown = async (allowedModels: string[]) =>
      ((await data("ai_review", { allowedModels })).findings as { rule: string }[]).filter(
        ({ rule }) => rule === "unknown-model",
      );
    expect(await unknown(["example-large"])).toEqual([]);
    expect(await unknown(["other"])).toMatchObject([
      { where: "agent Support triage" },
      { where: "scenario 4002 module 2" },
    ]);
  });
});

describe("ai_spend", () => {
  it("answers in whole", async () => {
    const { ask } = await openMake(server);
    const answer = await ask("ai_spend");
    expect(answer).toMatchObject({ data: { credits: 70, sharePercent: 0.3 } });
    expect(answer).toMatchSnapshot();
  });
});

describe("ai_spend of an account that counts operations only", () => {
  /** Everything as it is, without credits. */
  const withoutCredits = (_: unknown, usual: () => { body: unknown }) => {
    const { body, ...rest } = usual();
    const text = JSON.stringify(body).replaceAll(/"centicredits(Consumed)?":"?\d+"?,?/g, "");
    return { ...rest, body: JSON.parse(text.replaceAll(",}", "}")) };
  };

  it("names no credits and no share of them", async () => {
    const { data } = await openMake(server, { intercept: withoutCredits });
    expect(await data("ai_spend")).toMatchObject({
      credits: null,
      sharePercent: null,
      scenarios: [
        { id: 4002, credits: null },
        { id: 4009, credits: null },
      ],
    });
    const { candidates } = await data("archival_candidates");
    expect(candidates).toMatchObject([
      { id: 4004, credits: 0 },
      { id: 4007, credits: null },
      { id: 4012, credits: 0 },
    ]);
  });
});

describe("ai_feature_controls", () => {
  it("answers in whole", async () => {
    const { ask } = await openMake(server);
    expect(await ask("ai_feature_controls")).toMatchSnapshot();
  });
});

describe("ai_feature_control_set", () => {
  it("shows first, then switches, and answers in whole", async () => {
    const { ask, stub } = await openMake(server);
    const input = { id: 1, enabled: false };
    expect(await ask("ai_feature_control_set", input)).toMatchSnapshot();
    expect(stub.writes).toEqual([]);
    expect(await ask("ai_feature_control_set", { ...input, confirm: true })).toMatchSnapshot();
    expect(stub.writes).toMatchObject([{ body: input }]);
  });

  it("names a feature that there is not", async () => {
    const { error } = await openMake(server);
    await error("ai_feature_control_set", { id: 99, enabled: true }, "NOT_FOUND");
  });
});

describe("ai_llm_config", () => {
  it("reads, sets, and answers in whole", async () => {
    const { ask, stub } = await openMake(server);
    expect(await ask("ai_llm_config")).toMatchSnapshot();
    const set = { aiToolkitModelName: "example-small" };
    expect(await ask("ai_llm_config", { set })).toMatchSnapshot();
    expect(stub.writes).toMatchObject([{ path: "/teams/201/llm-configuration", body: set }]);
  });
});
