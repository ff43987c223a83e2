import { describe, expect, it, onTestFinished, vi } from "vitest";
import type { CallContext, ServerEvent } from "#shared/core/contract.ts";
import { silentLog } from "#shared/core/log.ts";
import { WATCH_EVERY_MS, watchAlerts } from "../src/nws/watch-alerts.ts";
import { server } from "../src/server.ts";
import { openWeather, type Weather } from "./support/weather.ts";

const context = (): CallContext => ({ era: "modern", signal: new AbortController().signal });

async function read({ instance }: Weather, uri: string): Promise<Record<string, unknown>> {
  const { result, error } = await instance.read(uri, context());
  if (error || !("contents" in result)) throw new Error(JSON.stringify(error ?? result));
  const [first] = result.contents;
  return JSON.parse(first && "text" in first ? first.text : "{}");
}

async function completions({ instance }: Weather, uri: string, name: string, value: string) {
  const reference = { type: "ref/resource" as const, uri };
  const { result } = await instance.complete(reference, { name, value }, context());
  return result?.completion.values;
}

describe("resources", () => {
  it("tell the words of codes and the names of variables", async () => {
    const weather = await openWeather();
    expect(await read(weather, "weather://codes")).toMatchObject({
      0: "Clear sky",
      61: "Slight rain",
    });
    const { daily } = await read(weather, "weather://variables/flood");
    expect(daily).toContain("river_discharge");
    expect(await read(weather, "weather://variables/marine/wave_height")).toMatchObject({
      blocks: ["current", "hourly"],
    });
  });

  it.each([
    "weather://variables/none",
    "weather://variables/marine/none",
    "weather://place/Tijuana/alerts",
  ])("%s is not found", async (uri) => {
    const { instance } = await openWeather();
    expect((await instance.read(uri, context())).error?.code).toBe(-32602);
  });

  it("tell the alerts of a place", async () => {
    const weather = await openWeather({ now: new Date("2019-12-20T22:00:00Z") });
    const { alerts } = await read(weather, "weather://place/Las%20Vegas%2C%20Nevada/alerts");
    expect(alerts).toMatchObject([{ event: "Flood Watch" }]);
  });

  it("complete interfaces, variables and places", async () => {
    const weather = await openWeather();
    expect(await completions(weather, "weather://variables/{api}", "api", "a")).toEqual([
      "archive",
      "air-quality",
    ]);
    expect(
      await completions(weather, "weather://variables/{api}/{name}", "name", "river_discharge_p"),
    ).toEqual(["river_discharge_p25", "river_discharge_p75"]);
    expect(await completions(weather, "weather://place/{place}/alerts", "place", "Paris")).toEqual([
      "Paris, Île-de-France, France",
      "Paris, Texas, United States",
    ]);
    expect(await completions(weather, "weather://place/{place}/alerts", "place", "Pa")).toEqual([]);
  });

  it("can be subscribed to, and left", async () => {
    const weather = await openWeather();
    const uri = "weather://place/30%2C-85/alerts";
    expect(await weather.instance.subscribe(uri)).toEqual({ result: {} });
    expect(await weather.instance.unsubscribe(uri)).toEqual({ result: {} });
    const foreign = await weather.instance.subscribe("weather://place/Tijuana/alerts");
    expect(foreign.error?.message).toContain("cannot be watched");
  });
});

describe("a watch", () => {
  it("tells of changes only, and of none once it is left", async () => {
    vi.useFakeTimers();
    const answers = ["a", "a", "b", new Error("down"), "b", "c"];
    let changes = 0;
    const stop = watchAlerts(
      async () => {
        const answer = answers.shift();
        if (typeof answer === "string") return answer;
        throw answer;
      },
      () => {
        changes += 1;
      },
    );
    for (const expected of [0, 0, 1, 1, 1]) {
      await vi.advanceTimersByTimeAsync(0);
      expect(changes).toBe(expected);
      await vi.advanceTimersByTimeAsync(WATCH_EVERY_MS);
    }
    expect(changes).toBe(2);
    stop();
    await vi.advanceTimersByTimeAsync(10 * WATCH_EVERY_MS);
    expect(changes).toBe(2);
    vi.useRealTimers();
  });

  it("of an opened server tells its client when the alerts of the place change", async () => {
    vi.useFakeTimers({ toFake: ["setInterval", "clearInterval"] });
    onTestFinished(() => void vi.useRealTimers());
    const { host } = await openWeather({ now: new Date("2019-12-20T22:00:00Z") });
    const events: ServerEvent[] = [];
    const instance = await server.open({
      env: host.env,
      log: silentLog,
      onEvent: (event) => void events.push(event),
      now: () => host.world.now,
    });
    const uri = "weather://place/30%2C-85/alerts";
    const lookAgain = async (requests: number) => {
      host.world.now = new Date(host.world.now.getTime() + WATCH_EVERY_MS);
      vi.advanceTimersByTime(WATCH_EVERY_MS);
      await expect.poll(() => host.requests).toHaveLength(requests);
    };
    await instance.subscribe(uri);
    await expect.poll(() => host.requests).toHaveLength(1);
    await lookAgain(2);
    expect(events).toEqual([]);
    host.record("/alerts/active", { features: [] });
    await lookAgain(3);
    await expect.poll(() => events).toEqual([{ kind: "resource_updated", uri }]);
    await instance.close();
  });
});

describe("the prompt", () => {
  it("plans a day outdoors", async () => {
    const { instance } = await openWeather();
    const input = { place: "Berlin", activity: "hiking" };
    expect(
      (await instance.get("plan_day_outdoors", input, context())).result,
    ).toMatchInlineSnapshot(`
      {
        "description": "hiking at Berlin",
        "messages": [
          {
            "content": {
              "text": "Plan "hiking" at "Berlin" for "tomorrow".
      Use forecast with step "hour", preset "outdoor" and confidence "models"; in the United States also alerts; with hay fever or smog in question also air_quality.
      Name the best hours with their local time, what to wear and bring, and how sure the models are. Say what is missing instead of guessing it. End with the source line.",
              "type": "text",
            },
            "role": "user",
          },
        ],
      }
    `);
  });

  it("completes its place and activity", async () => {
    const { instance } = await openWeather();
    const reference = { type: "ref/prompt" as const, name: "plan_day_outdoors" };
    const complete = async (name: string, value: string) =>
      (await instance.complete(reference, { name, value }, context())).result?.completion.values;
    expect(await complete("activity", "s")).toEqual(["sailing", "skiing"]);
    expect(await complete("place", "Las Vegas")).toHaveLength(2);
    expect(await complete("date", "x")).toEqual([]);
  });
});
