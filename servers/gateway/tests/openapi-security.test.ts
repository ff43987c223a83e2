import { Validator } from "@seriousme/openapi-schema-validator";
import { expect, it } from "vitest";
import type { AccessSettings } from "../src/access/settings.ts";
import { accessSettings } from "../src/access/settings.ts";
import { openApiOf } from "../src/rest/openapi.ts";

const about = { title: "a", version: "1", description: "" };
const documentWith = (access: AccessSettings | undefined) => openApiOf([], { ...about, access });
const oauth = { issuer: "https://login.example.com" };

it("says that nothing is asked for where there is no access control", () => {
  const document = documentWith(undefined);
  expect(document).not.toHaveProperty("security");
  expect(document.components).not.toHaveProperty("securitySchemes");
});

it.each([
  ["keys", { keys: "keys.json" }, ["bearer", "apiKey"], "Takes an API key"],
  ["tokens", { oauth }, ["bearer"], "Takes a token of https://login.example.com"],
  ["both", { keys: "keys.json", oauth }, ["bearer", "apiKey"], "Takes an API key, or a token of"],
])("says what a request proves itself by: %s", async (_, given, names, description) => {
  const document = documentWith(accessSettings.parse(given));
  const { securitySchemes } = document.components as {
    securitySchemes: Record<string, { description?: string }>;
  };
  expect(Object.keys(securitySchemes)).toEqual(names);
  expect(securitySchemes.bearer?.description).toContain(description);
  expect(document.security).toEqual(names.map((name) => ({ [name]: [] })));
  const { errors, valid } = await new Validator().validate(structuredClone(document) as never);
  expect([valid, errors ?? []]).toEqual([true, []]);
});
