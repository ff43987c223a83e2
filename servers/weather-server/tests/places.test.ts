import { describe, expect, it } from "vitest";
import type { JsonObject } from "#shared/core/contract.ts";
import { coordinateLabel, parseCoordinates } from "../src/places/coordinates.ts";
import { readings } from "../src/places/search.ts";
import { languageOf, sameName } from "../src/places/spelling.ts";
import { openWeather } from "./support/weather.ts";

const ASKING = { capabilities: { elicitation: {} } };

describe("coordinates", () => {
  it.each([
    ["48.85,2.35", 48.85, 2.35],
    [" -33.87 , 151.21 ", -33.87, 151.21],
    ["33.87S 151.21E", -33.87, 151.21],
    ["48.85°N, 2.35°W", 48.85, -2.35],
    ["48.853412345;2.3488", 48.8534, 2.3488],
    ["-0.00001,0", 0, 0],
  ])("%s is read", (text, latitude, longitude) => {
    expect(parseCoordinates(text)).toMatchObject({ latitude, longitude });
  });

  it.each(["Paris", "48.85", "48.85,2.35,7", "id:7", "10115"])("%s is none", (text) => {
    expect(parseCoordinates(text)).toBeUndefined();
  });

  it.each(["91,0", "0,181", "-90.1,0", "-5S,3E"])("%s is refused", (text) => {
    expect(() => parseCoordinates(text)).toThrow();
  });

  it("names both hemispheres", () => {
    expect(coordinateLabel(-12.5, -130.9)).toBe("12.5°S 130.9°W");
    expect(coordinateLabel(0, 0)).toBe("0°N 0°E");
  });
});

describe("names", () => {
  it("are compared without marks, case and points", () => {
    expect(sameName("São  Paulo", "sao paulo")).toBe(true);
    expect(sameName("St. Louis", "Saint Louis")).toBe(true);
    expect(sameName("北京", "北京市")).toBe(true);
    expect(sameName("Łódź", "Lodz")).toBe(true);
    expect(sameName("Paris", "Parish")).toBe(false);
  });

  it.each([
    ["北京", "zh"],
    ["東京とうきょう", "ja"],
    ["서울", "ko"],
    ["Москва", "ru"],
    ["Αθήνα", "el"],
    ["القاهرة", "ar"],
    ["Zürich", "en"],
  ])("%s is asked for in %s", (text, language) => expect(languageOf(text)).toBe(language));

  it("are read with what stands behind them as the region, the whole name first", () => {
    expect(readings("Durham North Carolina")).toEqual([
      { name: "Durham North Carolina", within: [] },
      { name: "Durham North", within: ["Carolina"] },
      { name: "Durham", within: ["North Carolina"] },
    ]);
    expect(readings("Paris, Texas")).toEqual([{ name: "Paris", within: ["Texas"] }]);
  });
});

describe("an ambiguous place", () => {
  it("is answered with the candidates, never with a guess", async () => {
    const { error, host } = await openWeather();
    expect(await error("forecast", { place: "Paris" })).toMatchInlineSnapshot(`
      {
        "code": "VALIDATION_ERROR",
        "details": {
          "candidates": [
            {
              "latitude": 48.85341,
              "longitude": 2.3488,
              "name": "Paris, Île-de-France, France",
              "place": "id:2988507",
              "population": 2138551,
            },
            {
              "latitude": 33.66094,
              "longitude": -95.55551,
              "name": "Paris, Texas, United States",
              "place": "id:4717560",
              "population": 24782,
            },
          ],
          "place": "Paris",
          "reason": "ambiguous_place",
        },
        "message": ""Paris" may be any of 2 places. Call again with one of these as the place: Paris, Île-de-France, France = "id:2988507"; Paris, Texas, United States = "id:4717560".",
        "timestamp": "2025-01-15T11:07:00.000Z",
      }
    `);
    expect(host.requests.every((path) => path.startsWith("/v1/search"))).toBe(true);
  });

  it("is asked about where the client can ask, and then used", async () => {
    const { instance } = await openWeather();
    const signal = new AbortController().signal;
    const input = { place: "Paris", days: 1 };
    const context = { era: "modern" as const, signal, canAsk: true, client: ASKING };
    const first = await instance.call("forecast", input, context);
    const { inputRequests, requestState } = { ...first.result } as JsonObject;
    expect(inputRequests).toMatchObject({
      place: { params: { message: expect.stringContaining("2. Paris, Texas, United States") } },
    });
    const inputResponses = { place: { action: "accept", content: { number: 2 } } };
    const again = { ...context, inputResponses, requestState: String(requestState) };
    const { result } = await instance.call("forecast", input, again);
    expect(result).toMatchObject({
      structuredContent: { place: expect.stringContaining("Paris, Texas, United States") },
    });
  });

  it("is answered with the candidates when the user declines", async () => {
    const { instance } = await openWeather();
    const signal = new AbortController().signal;
    const context = { era: "modern" as const, signal, canAsk: true, client: ASKING };
    const first = await instance.call("forecast", { place: "Paris" }, context);
    const { requestState } = { ...first.result } as JsonObject;
    const again = {
      ...context,
      inputResponses: { place: { action: "decline" } },
      requestState: String(requestState),
    };
    const { result } = await instance.call("forecast", { place: "Paris" }, again);
    expect(JSON.stringify(result)).toContain("ambiguous_place");
  });

  it("is answered with the candidates where the connection carries no question", async () => {
    const { call } = await openWeather();
    const result = await call("forecast", { place: "Paris" }, { canAsk: false, client: ASKING });
    expect(JSON.stringify(result)).toContain("id:4717560");
  });
});

describe("a place that is none", () => {
  it.each([
    ["Nowhereville", "NOT_FOUND", "unknown_place"],
    ["id:1", "NOT_FOUND", "unknown_id"],
    ["x", "VALIDATION_ERROR", "too_short"],
    ["🙈", "VALIDATION_ERROR", "too_short"],
  ])("%s is %s", async (place, code, reason) => {
    const { error } = await openWeather();
    expect(await error("forecast", { place })).toMatchObject({ code, details: { reason } });
  });
});
