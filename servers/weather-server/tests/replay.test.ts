import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { tapeFile } from "../src/upstream/tape.ts";
import { withTempDir } from "./shared/testing/temp-dir.ts";
import { openWeather, RECORDED } from "./support/weather.ts";

/** The questions in recordings/README.md. */
const SHIPPED = [
  ["forecast", { place: "Berlin" }],
  ["forecast", { place: "Berlin", days: 7 }],
  [
    "history",
    {
      place: "-15.8,-47.9",
      start: "2022-12-29",
      end: "2023-01-08",
      variables: ["temperature_2m_max"],
    },
  ],
  ["current_weather", { places: ["36.1644,-115.1439"] }],
  ["air_quality", { place: "40,116.4", variables: ["carbon_monoxide"] }],
  [
    "marine",
    {
      place: "-33.75,151.25",
      step: "hour",
      days: 2,
      variables: ["wave_height", "wave_direction"],
    },
  ],
  ["river_flow", { place: "-27.45,153.05", days: 2 }],
  ["find_place", { query: "Paris" }],
  ["find_place", { query: "Berlin" }],
  ["alerts", { zone: "ORZ006" }],
] as const;

const NOBODY = "http://127.0.0.1:9";

describe("a recording", () => {
  it("answers the same questions without any host, and says that it is a replay", async () => {
    await withTempDir(async (folder) => {
      const live = await openWeather({ env: { WEATHER_RECORD: folder, OPEN_METEO_URL: "" } });
      // the public hosts are not asked: only the NWS of this test is there
      const alerts = await live.ask("alerts", { area: "TX" });
      const replay = await openWeather({ env: { WEATHER_REPLAY: folder, NWS_URL: live.host.url } });
      const again = await replay.ask("alerts", { area: "TX" });
      expect(again).toEqual({
        ...alerts,
        source: expect.stringContaining("REPLAY of an answer recorded 2025-01-15"),
      });
      expect(replay.host.requests).toEqual([]);
    });
  });

  it("holds forecasts too, and no key", async () => {
    await withTempDir(async (folder) => {
      const env = { WEATHER_RECORD: folder, OPEN_METEO_API_KEY: "canary-key" };
      const live = await openWeather({ env });
      const forecast = await live.ask("forecast", { place: "Berlin" });
      for (const file of await readdir(folder))
        expect(await readFile(join(folder, file), "utf8")).not.toContain("canary");
      const replay = await openWeather({
        env: { WEATHER_REPLAY: folder, OPEN_METEO_URL: live.host.url },
      });
      const again = await replay.ask("forecast", { place: "Berlin" });
      expect({ ...again, source: forecast.source }).toEqual(forecast);
      expect(again.source).toContain("REPLAY");
      expect(await replay.ask("service_status", {})).toMatchObject({ mode: "replay", hosts: [] });
    });
  });

  it("is played at the time it was made, whatever the season is now", async () => {
    await withTempDir(async (folder) => {
      const live = await openWeather({ env: { WEATHER_RECORD: folder } });
      const summer = { place: "Berlin", start: "2024-07-01", end: "2024-07-02" };
      const questions = [
        ["forecast", { place: "Berlin", days: 16 }],
        ["history", summer],
        ["current_weather", { places: ["Berlin"] }],
        ["alerts", { area: "TX" }],
      ] as const;
      const answers = [];
      for (const [tool, input] of questions) answers.push(await live.ask(tool, input));
      const later = await openWeather({
        env: {
          WEATHER_REPLAY: folder,
          OPEN_METEO_URL: live.host.url,
          NWS_URL: live.host.url,
        },
        now: new Date("2026-07-01T12:00:00Z"),
      });
      for (const [index, [tool, input]] of questions.entries()) {
        const again = await later.ask(tool, input);
        expect({ ...again, source: "" }).toEqual({ ...answers[index], source: "" });
      }
      expect(later.host.requests).toEqual([]);
    });
  });

  it("comes with the server for a start without internet", async () => {
    const now = new Date("2026-07-01T12:00:00Z");
    const { ask, host } = await openWeather({ env: RECORDED, now });
    for (const [tool, input] of SHIPPED) {
      const { source } = await ask(tool, input);
      expect(source).toContain("REPLAY of an answer recorded 20");
    }
    expect(await ask("alerts", { zone: "ORZ006" })).toMatchObject({ total: 1 });
    expect(host.requests).toEqual([]);
  });

  it("is drawn as the README shows it", async () => {
    const { call } = await openWeather({ env: RECORDED });
    const input = { place: "Berlin", days: 7, chart: true, chart_format: "svg" };
    const { content } = await call("forecast", input);
    const picture = content[1]?.type === "image" ? content[1].data : "";
    const svg = Buffer.from(picture, "base64").toString();
    await expect(`${svg}\n`).toMatchFileSnapshot("../docs/forecast.svg");
  });

  it("that is not there is an error that names the question", async () => {
    await withTempDir(async (folder) => {
      const { error } = await openWeather({ env: { WEATHER_REPLAY: folder } });
      expect(await error("forecast", { place: "1,1" })).toMatchObject({
        code: "NOT_FOUND",
        details: { reason: "not_recorded" },
        message: expect.stringContaining("latitude=1&longitude=1"),
      });
    });
  });

  it("that is damaged is an error", async () => {
    await withTempDir(async (folder) => {
      const url = `${NOBODY}/alerts/active?area=TX&status=actual`;
      await writeFile(join(folder, tapeFile(url)), "{");
      const { error } = await openWeather({ env: { WEATHER_REPLAY: folder, NWS_URL: NOBODY } });
      expect((await error("alerts", { area: "TX" })).details.reason).toBe("damaged_recording");
    });
  });

  it("cannot be made of replays", async () => {
    const { error } = await openWeather({ env: { WEATHER_REPLAY: "a", WEATHER_RECORD: "b" } });
    expect((await error("service_status", {})).code).toBe("CONFIG_ERROR");
  });

  it("is one file a question, whoever paid for it", () => {
    const file = tapeFile("https://api.open-meteo.com/v1/forecast?latitude=1");
    expect(tapeFile("https://customer-api.open-meteo.com/v1/forecast?latitude=1")).toBe(file);
    expect(tapeFile("https://api.open-meteo.com/v1/forecast?latitude=2")).not.toBe(file);
    expect(file).toMatch(/^api\.open-meteo\.com_v1_forecast-[0-9a-f]{16}\.json$/);
  });
});
