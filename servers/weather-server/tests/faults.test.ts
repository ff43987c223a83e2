import { describe, expect, it } from "vitest";
import nws from "./fixtures/nws-errors.json" with { type: "json" };
import recorded from "./fixtures/open-meteo-errors.json" with { type: "json" };
import type { Fault } from "./support/fake-host.ts";
import { openWeather } from "./support/weather.ts";

const PLACE = { place: "52.52437,13.41053" };

/** What every tool that asks Open-Meteo is called with here. */
const CALLS = [
  ["find_place", { query: "Berlin" }],
  ["current_weather", { places: [PLACE.place] }],
  ["forecast", PLACE],
  ["history", { ...PLACE, start: "2024-12-01", end: "2024-12-02" }],
  ["air_quality", PLACE],
  ["marine", PLACE],
  ["river_flow", PLACE],
] as const;

const refused = (status: number, reason: string): Fault => ({
  status,
  body: { error: true, reason },
});

describe.each(CALLS)("%s, when the host fails", (tool, input) => {
  it.each([
    ["a 400 with its reason", refused(400, "Invalid timezone"), "VALIDATION_ERROR"],
    ["no data there", refused(400, "No data is available for this location"), "NOT_FOUND"],
    [
      "a minute's limit",
      refused(429, "Minutely API request limit exceeded. Please try again in one minute."),
      "RATE_LIMITED",
    ],
    ["too many at once", refused(429, "Too many concurrent requests"), "RATE_LIMITED"],
    ["an overload", refused(503, "The service is overloaded"), "API_ERROR"],
    ["wrong JSON", "wrong-json", tool === "find_place" ? undefined : "API_ERROR"],
    ["no JSON", "not-json", "API_ERROR"],
    ["half an answer", "cut-off", "UNAVAILABLE"],
    ["a broken connection", "hang-up", "UNAVAILABLE"],
    ["50 MB", "fifty-megabytes", "API_ERROR"],
  ] as const)("ends %s in its error", async (_name, fault, code) => {
    const { call, host } = await openWeather();
    host.fail(fault);
    const result = await call(tool, input);
    if (code === undefined) expect(result.isError).toBeUndefined();
    else expect(JSON.stringify(result)).toContain(`\\"code\\":\\"${code}\\"`);
  });
});

describe.each([...CALLS, ["alerts", { area: "TX" }] as const])("%s", (tool, input) => {
  it("leaves a host that never answers when its own time is over", async () => {
    const { call, host } = await openWeather();
    host.fail("slow");
    const result = await call(tool, input, { signal: AbortSignal.timeout(100) });
    expect(JSON.stringify(result)).toContain('\\"code\\":\\"TIMEOUT\\"');
  });
});

describe("a failing host", () => {
  it.each(recorded.recorded.map(({ body, status }) => [status, body] as const))(
    "is quoted without the names of its types: %i %j",
    async (status, body) => {
      const { error, host } = await openWeather();
      host.fail({ status, body });
      const { message, code } = await error("forecast", PLACE);
      expect(code).toBe("VALIDATION_ERROR");
      expect(message).not.toMatch(/Cannot initialize|Variable</);
    },
  );

  it.each(recorded.from_server_source.map(({ status, body }) => [status, body] as const))(
    "has a documented error for %i %j",
    async (status, body) => {
      const { error, host } = await openWeather();
      host.fail({ status, body });
      const { code } = await error("forecast", PLACE);
      expect(["VALIDATION_ERROR", "NOT_FOUND", "RATE_LIMITED", "API_ERROR"]).toContain(code);
    },
  );

  it.each([
    ["Minutely API request limit exceeded. Please try again in one minute.", 1, "minute"],
    ["Hourly API request limit exceeded. Please try again in the next hour.", 1, "hour"],
    ["Daily API request limit exceeded. Please try again tomorrow.", 1, "day"],
    ["Too many concurrent requests", 3, undefined],
  ])("is asked again only where that helps: %s", async (reason, requests, window) => {
    const { error, host } = await openWeather();
    host.fail({ status: 429, body: { error: true, reason } });
    await error("forecast", PLACE);
    expect(host.requests).toHaveLength(requests);
    const next = await error("marine", PLACE);
    expect(host.requests.length > requests).toBe(window === undefined);
    if (window) expect(next.details).toMatchObject({ reason: "budget", window });
  });

  it("is forgiven one overload", async () => {
    const { ask, host } = await openWeather();
    host.fail({ status: 503, body: { error: true, reason: "The service is overloaded" } }, 1);
    await ask("forecast", PLACE);
    expect(host.requests).toHaveLength(2);
  });

  it("is bridged by the last answer, for an hour", async () => {
    const { ask, host } = await openWeather();
    await ask("forecast", PLACE);
    host.fail("hang-up");
    host.world.now = new Date("2025-01-15T12:30:00Z");
    expect((await ask("forecast", PLACE)).times).toHaveLength(3);
  });

  it("that is not there is a clear error", async () => {
    const { error, host } = await openWeather({ env: { OPEN_METEO_URL: "http://127.0.0.1:9" } });
    expect(await error("forecast", PLACE)).toMatchObject({
      code: "UNAVAILABLE",
      message: expect.stringContaining("could not be reached"),
    });
    expect(host.requests).toEqual([]);
  });
});

describe("the NWS, when it fails", () => {
  const bodies = nws.recorded_in_issues.map(({ body }) => body);
  it.each(bodies)("with $type is asked three times, then quoted", async (body) => {
    const { error, host } = await openWeather();
    host.fail({ status: body.status, body });
    const { code, message, details } = await error("alerts", { area: "TX" });
    expect(code).toBe("API_ERROR");
    expect(message).toContain(body.detail);
    expect(details.problem).toBe(body.type.split("/").at(-1));
    expect(host.requests).toHaveLength(3);
  });

  it("with one 500 that passes is not noticed", async () => {
    const { ask, host } = await openWeather();
    host.fail({ status: 500, body: nws.openapi_example }, 1);
    await ask("alerts", { area: "TX" });
    expect(host.requests).toHaveLength(2);
  });

  it.each([
    ["wrong-json", "API_ERROR"],
    ["not-json", "API_ERROR"],
    ["cut-off", "UNAVAILABLE"],
    ["fifty-megabytes", "API_ERROR"],
    [{ status: 403, body: "Forbidden" }, "CONFIG_ERROR"],
    [
      {
        status: 400,
        body: { type: "https://api.weather.gov/problems/BadRequest", title: "Bad Request" },
      },
      "VALIDATION_ERROR",
    ],
  ] as const)("with %j is an error", async (fault, code) => {
    const { error, host } = await openWeather();
    host.fail(fault);
    expect((await error("alerts", { area: "TX" })).code).toBe(code);
  });

  it("never gives an old warning for a new one", async () => {
    const { ask, error, host } = await openWeather();
    await ask("alerts", { area: "TX" });
    host.fail("hang-up");
    host.world.now = new Date("2025-01-15T11:30:00Z");
    expect((await error("alerts", { area: "TX" })).code).toBe("UNAVAILABLE");
  });
});
