import { describe, expect, it } from "vitest";
import { prepareAnswers, replaceable } from "#shared/mcp/answers.ts";

const of = (title: string, tools: string) =>
  prepareAnswers({
    name: "a",
    title,
    version: "1.0.0",
    instructions: "",
    capabilities: {},
    listTools: () => tools,
  });

describe("Answers that others take the place of", () => {
  it("are those of the last, whoever holds them", () => {
    const { replace, ...answers } = replaceable(of("first", "[]"));
    replace(of("second", "[]"));
    expect(answers.initialize(1, "2025-11-25")).toContain('"title":"second"');
    expect(answers.discover(1)).toContain('"title":"second"');
  });

  it("tell whether the tools are others", () => {
    const answers = replaceable(of("first", "[]"));
    expect(answers.replace(of("second", "[]"))).toBe(false);
    expect(answers.replace(of("second", '[{"name":"a"}]'))).toBe(true);
  });
});
