import { describe, expect, it } from "vitest";
import { server } from "../src/server.ts";
import { callTool, expectToolError } from "./shared/testing/call.ts";

const say = (input: unknown) => callTool(server, "echoBye", input);
const nameOf = (length: number) => "a".repeat(length);

describe("echoBye", () => {
  it("answers with the name", async () => {
    expect(await say({ userName: "Ada" })).toMatchInlineSnapshot(`
      {
        "content": [
          {
            "text": "{"message":"Bye, Ada!"}",
            "type": "text",
          },
        ],
        "structuredContent": {
          "message": "Bye, Ada!",
        },
      }
    `);
  });

  it("drops the white space around a name", async () => {
    const { structuredContent } = await say({ userName: "  Grace Hopper\n" });
    expect(structuredContent).toEqual({ message: "Bye, Grace Hopper!" });
  });

  it("keeps a name as it is written", async () => {
    const { structuredContent } = await say({ userName: '\u00c5sa "\\" \u{1f44b} {}' });
    expect(structuredContent).toEqual({ message: 'Bye, \u00c5sa "\\" \u{1f44b} {}!' });
  });

  it.each([1, 200])("takes a name of %i characters", async (length) => {
    const { structuredContent } = await say({ userName: nameOf(length) });
    expect(structuredContent).toEqual({ message: `Bye, ${nameOf(length)}!` });
  });

  it("refuses a name of 201 characters", async () => {
    const result = await say({ userName: nameOf(201) });
    expectToolError(result, "VALIDATION_ERROR");
    expect(result).toMatchInlineSnapshot(`
      {
        "content": [
          {
            "text": "{"success":false,"error":{"code":"VALIDATION_ERROR","message":"echoBye cannot take this input: userName: Too big: expected string to have <=200 characters.","details":{"issues":[{"path":"userName","message":"Too big: expected string to have <=200 characters"}]},"timestamp":"2026-01-01T00:00:00.000Z"}}",
            "type": "text",
          },
        ],
        "isError": true,
      }
    `);
  });

  it.each(["", " ", " \t\n "])("refuses a name without a letter: %j", async (userName) => {
    const { details } = expectToolError(await say({ userName }), "VALIDATION_ERROR");
    expect(details).toEqual({
      issues: [{ path: "userName", message: expect.stringContaining(">=1") }],
    });
  });

  it.each([{}, { userName: 7 }, { userName: null }, { username: "Ada" }])(
    "refuses input without a name: %j",
    async (input) => {
      const { message } = expectToolError(await say(input), "VALIDATION_ERROR");
      expect(message).toContain("echoBye cannot take this input: userName:");
    },
  );
});
