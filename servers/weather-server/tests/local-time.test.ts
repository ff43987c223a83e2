import { describe, expect, it } from "vitest";
import { stretches } from "../src/time/dates.ts";
import { isZone, localDate, localTime } from "../src/time/zone.ts";
import { openWeather } from "./support/weather.ts";

const at = (text: string) => Date.parse(text);

describe("local time", () => {
  it.each([
    ["Europe/Berlin", "2026-03-29T00:59Z", "2026-03-29T01:59+01:00"],
    ["Europe/Berlin", "2026-03-29T01:00Z", "2026-03-29T03:00+02:00"],
    ["Europe/Berlin", "2026-10-25T00:30Z", "2026-10-25T02:30+02:00"],
    ["Europe/Berlin", "2026-10-25T01:30Z", "2026-10-25T02:30+01:00"],
    ["Asia/Kathmandu", "2026-01-01T00:00Z", "2026-01-01T05:45+05:45"],
    ["Pacific/Kiritimati", "2026-01-01T10:00Z", "2026-01-02T00:00+14:00"],
    ["Australia/Lord_Howe", "2026-01-01T00:00Z", "2026-01-01T11:00+11:00"],
    ["America/St_Johns", "2026-07-01T00:00Z", "2026-06-30T21:30-02:30"],
  ])("of %s at %s is %s", (zone, instant, expected) => {
    expect(localTime(zone, at(instant))).toBe(expected);
  });

  it("knows its zones", () => {
    expect([isZone("Europe/Berlin"), isZone("Mars/Base")]).toEqual([true, false]);
    expect(localDate("Pacific/Auckland", at("2026-01-01T12:00Z"))).toBe("2026-01-02");
  });

  it("parts days where the clocks change", () => {
    expect(stretches("Europe/Berlin", "2026-03-28", "2026-03-30")).toEqual([
      { start: "2026-03-28", end: "2026-03-28", offsetMinutes: 60 },
      { start: "2026-03-29", end: "2026-03-30", offsetMinutes: 120 },
    ]);
  });
});

describe("the limits of a day", () => {
  const questions = (requests: string[], path: string) =>
    requests
      .filter((one) => one.startsWith(path))
      .map((one) => new URL(one, "http://h").searchParams);

  it("are local ones in a forecast across a change of the clocks", async () => {
    const { ask, host } = await openWeather({ now: new Date("2026-03-27T12:00:00Z") });
    const { times } = await ask("forecast", {
      place: "Berlin",
      days: 5,
      variables: ["temperature_2m_max"],
    });
    expect(times).toEqual(["2026-03-27", "2026-03-28", "2026-03-29", "2026-03-30", "2026-03-31"]);
    expect(
      questions(host.requests, "/v1/forecast").map((query) => [
        query.get("start_date"),
        query.get("end_date"),
        query.get("timezone"),
      ]),
    ).toEqual([
      ["2026-03-27", "2026-03-28", "Etc/GMT-1"],
      ["2026-03-29", "2026-03-31", "Etc/GMT-2"],
    ]);
  });

  it("are those of summer for a day in summer that is asked for in winter", async () => {
    const { ask, host } = await openWeather();
    await ask("history", { place: "Berlin", start: "2024-07-01", end: "2024-07-02" });
    expect(questions(host.requests, "/v1/archive").map((query) => query.get("timezone"))).toEqual([
      "Etc/GMT-2",
    ]);
  });

  it("hold for bare coordinates too, once the answer has told the zone", async () => {
    const { ask, host } = await openWeather();
    await ask("history", { place: "52.5244,13.4105", start: "2024-07-01", end: "2024-07-02" });
    expect(questions(host.requests, "/v1/archive").map((query) => query.get("timezone"))).toEqual([
      "auto",
      "Etc/GMT-2",
    ]);
  });

  it.each([
    ["2024-07-01", "2024-07-01", 24, "2024-07-01T00:00+02:00", "2024-07-01T23:00+02:00"],
    ["2024-03-31", "2024-03-31", 23, "2024-03-31T00:00+01:00", "2024-03-31T23:00+02:00"],
    ["2024-10-27", "2024-10-27", 25, "2024-10-27T00:00+02:00", "2024-10-27T23:00+01:00"],
  ])("give %s to %s its %i hours", async (start, end, hours, first, last) => {
    const { ask } = await openWeather();
    const { times } = (await ask("history", { place: "Berlin", start, end, step: "hour" })) as {
      times: string[];
    };
    expect([times.length, times[0], times.at(-1)]).toEqual([hours, first, last]);
    expect(new Set(times).size).toBe(hours);
  });

  it("follow the place, not the machine: it is tomorrow already in Sydney", async () => {
    const { ask } = await openWeather({ now: new Date("2025-01-15T14:00:00Z") });
    const { times } = await ask("forecast", { place: "-33.87,151.21", days: 1 });
    expect(times).toEqual(["2025-01-16"]);
  });
});
