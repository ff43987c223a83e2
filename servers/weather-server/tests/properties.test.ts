import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ERROR_CODES } from "#shared/core/errors.ts";
import { blocksOf, namesIn, VARIABLE_APIS } from "../src/variables/catalog.ts";
import { nearMatch } from "../src/variables/near-match.ts";
import { openWeather, type Weather } from "./support/weather.ts";

/** What a caller may be told; UNKNOWN would be a fault of this server. */
const DOCUMENTED = ERROR_CODES.filter((code) => code !== "UNKNOWN");

async function answersOrRefuses({ call }: Weather, tool: string, input: object): Promise<void> {
  const result = await call(tool, input);
  if (!result.isError) return void expect(result.structuredContent).toBeDefined();
  const [block] = result.content;
  const { error } = JSON.parse(block?.type === "text" ? block.text : "{}");
  expect(DOCUMENTED, JSON.stringify(error)).toContain(error.code);
}

const zones = Intl.supportedValuesOf("timeZone");
const text = fc.string({ unit: "binary", maxLength: 210 });
const placeLike = fc.oneof(
  text,
  fc.constantFrom("Berlin", "Paris", "Las Vegas NV", "北京", "Evil", "id:2988507", "10115"),
  fc.tuple(fc.double({ min: -95, max: 95 }), fc.double({ min: -190, max: 190 })).map(String),
);
const dateLike = fc.oneof(
  fc
    .date({ min: new Date("1938-01-01"), max: new Date("2026-01-01"), noInvalidDate: true })
    .map((date) => date.toISOString().slice(0, 10)),
  fc.string({ maxLength: 12 }),
);
const allNames = VARIABLE_APIS.flatMap((api) =>
  blocksOf(api).flatMap((block) => namesIn(api, block)),
);
const variableLike = fc.array(fc.oneof(fc.constantFrom(...allNames), text), { maxLength: 6 });
const step = fc.constantFrom("15min", "hour", "day");

describe("whatever is asked", () => {
  it("any place is answered or refused in a documented way", async () => {
    const weather = await openWeather();
    await fc.assert(
      fc.asyncProperty(placeLike, (place) =>
        answersOrRefuses(weather, "forecast", { place, days: 1 }),
      ),
      { numRuns: 150 },
    );
  });

  it("any dates, variables and steps are answered or refused in a documented way", async () => {
    const weather = await openWeather();
    await fc.assert(
      fc.asyncProperty(dateLike, dateLike, variableLike, step, (start, end, variables, length) =>
        answersOrRefuses(weather, "history", {
          place: "Berlin",
          start,
          end,
          variables,
          step: length,
        }),
      ),
      { numRuns: 150 },
    );
  });

  it("any variables, days and zone of a forecast are answered or refused in a documented way", async () => {
    const weather = await openWeather();
    const days = fc.integer({ min: 0, max: 17 });
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...zones),
        variableLike,
        step,
        days,
        async (zone, variables, length, count) => {
          weather.host.world.zones = { "10,10": zone };
          weather.host.world.now = new Date(weather.host.world.now.getTime() + 5 * 3_600_000);
          const input = {
            place: "10,10",
            variables,
            step: length,
            days: count,
            confidence: "models",
          };
          await answersOrRefuses(weather, "forecast", input);
        },
      ),
      { numRuns: 150 },
    );
  });

  it("every day of any zone has its own date, once, in order", async () => {
    const weather = await openWeather();
    const now = fc.date({
      min: new Date("2024-01-01"),
      max: new Date("2027-12-31"),
      noInvalidDate: true,
    });
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...zones), now, async (zone, date) => {
        weather.host.world.zones = { "20,20": zone };
        weather.host.world.now = new Date(date.getTime() + weather.host.requests.length);
        const { instance: _, ...fresh } = await openWeather({ now: weather.host.world.now });
        fresh.host.world.zones = { "20,20": zone };
        const { times } = (await fresh.ask("forecast", {
          place: "20,20",
          days: 16,
          past_days: 3,
        })) as { times: string[] };
        expect(times).toHaveLength(19);
        expect([...new Set(times)].sort()).toEqual(times);
      }),
      { numRuns: 25 },
    );
  });

  it("any name has a near match that is in the list, or suggestions that are", () => {
    const names = namesIn("forecast", "hourly");
    fc.assert(
      fc.property(text, (given) => {
        const { match, suggestions } = nearMatch(given, names);
        for (const name of match === undefined ? suggestions : [match])
          expect(names).toContain(name);
      }),
    );
  });
});
