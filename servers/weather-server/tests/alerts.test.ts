import { describe, expect, it } from "vitest";
import { MAX_ALERTS } from "../src/tools/alerts.ts";
import { openWeather } from "./support/weather.ts";

/** While the recorded alerts were in force. */
const THEN = new Date("2019-12-20T22:00:00Z");

describe("alerts", () => {
  it("answers in whole", async () => {
    const { call } = await openWeather({ now: THEN });
    expect(await call("alerts", { zone: "orz006", limit: 1 })).toMatchInlineSnapshot(`
      {
        "content": [
          {
            "text": "{"where":"ORZ006","alerts":[{"event":"Flood Watch","severity":"Severe","id":"NWS-IDP-PROD-3965873-3369046","certainty":"Possible","urgency":"Future","areas":"North Oregon Coast; Greater Portland Metro Area; Greater Vancouver Area; Lower Columbia and I - 5 Corridor in Cowlitz County; Lower Columbia; Central Coast Range of Western Oregon; Willapa Hills; South Washington Coast; Central Oregon Coast; Coast Range of Northwest Oregon; South Washington Cascade Foothills","starts":"2019-12-20T13:34:00-08:00","ends":"2019-12-22T10:00:00-08:00","headline":"Flood Watch issued December 20 at 1:34PM PST until December 22 at 10:00AM PST by NWS Portland OR","description":"The Flood Watch continues for\\n\\n* Portions of Northwest Oregon and Southwest Washington,\\nincluding the following areas, in Northwest Oregon, Central\\nCoast Range of Western Oregon, Central Oregon Coast, Coast\\nRange of Northwest Oregon, Greater Portland Metro Area, Lower\\nColumbia, and North Oregon Coast. In Southwest Washington,\\nGreater Vancouver Area, I-5 Corridor in Cowlitz County, South\\nWashington Cascade Foothills, South Washington Coast, and\\nWillapa Hills.\\n\\n* Through Sunday morning\\n\\n* Rainfall totals were already exceeding 4 to 8 inches in the\\nWillapa Hills, with 3 to 6 inches in the North Oregon Coast\\nRange and South Washington Cascades since Thursday evening.\\nHeavy rain is expected to continue through the rest of Friday\\nafternoon in these locations before spreading south into the\\nCentral Oregon Coast Range Friday night.\\n\\n* Additional rainfall Friday night and Saturday is expected to\\nreach 2 to 4 inches in the North and Central Oregon Coast Range,\\nwith 1 to 3 inches in the South Washington Cascades and 1 to 2\\ninches in the Willapa Hills. Around 1 inch is possible in the\\nWillamette Valley.","instruction":"A Flood Watch means there is a potential for flooding based on\\ncurrent forecasts.\\n\\nYou should monitor later forecasts and be alert for possible\\nFlood Warnings. Those living in areas prone to flooding should be\\nprepared to take action should flooding develop.\\n\\nLandslides and debris flows are possible during this flood event.\\nPeople, structures and roads located below steep slopes, in\\ncanyons, and near the mouths of canyons may be at serious risk\\nfrom rapidly moving landslides.","sender":"NWS Portland OR"}],"total":1,"source":"Official warnings. National Weather Service of the United States (public domain)."}",
            "type": "text",
          },
        ],
        "structuredContent": {
          "alerts": [
            {
              "areas": "North Oregon Coast; Greater Portland Metro Area; Greater Vancouver Area; Lower Columbia and I - 5 Corridor in Cowlitz County; Lower Columbia; Central Coast Range of Western Oregon; Willapa Hills; South Washington Coast; Central Oregon Coast; Coast Range of Northwest Oregon; South Washington Cascade Foothills",
              "certainty": "Possible",
              "description": "The Flood Watch continues for

      * Portions of Northwest Oregon and Southwest Washington,
      including the following areas, in Northwest Oregon, Central
      Coast Range of Western Oregon, Central Oregon Coast, Coast
      Range of Northwest Oregon, Greater Portland Metro Area, Lower
      Columbia, and North Oregon Coast. In Southwest Washington,
      Greater Vancouver Area, I-5 Corridor in Cowlitz County, South
      Washington Cascade Foothills, South Washington Coast, and
      Willapa Hills.

      * Through Sunday morning

      * Rainfall totals were already exceeding 4 to 8 inches in the
      Willapa Hills, with 3 to 6 inches in the North Oregon Coast
      Range and South Washington Cascades since Thursday evening.
      Heavy rain is expected to continue through the rest of Friday
      afternoon in these locations before spreading south into the
      Central Oregon Coast Range Friday night.

      * Additional rainfall Friday night and Saturday is expected to
      reach 2 to 4 inches in the North and Central Oregon Coast Range,
      with 1 to 3 inches in the South Washington Cascades and 1 to 2
      inches in the Willapa Hills. Around 1 inch is possible in the
      Willamette Valley.",
              "ends": "2019-12-22T10:00:00-08:00",
              "event": "Flood Watch",
              "headline": "Flood Watch issued December 20 at 1:34PM PST until December 22 at 10:00AM PST by NWS Portland OR",
              "id": "NWS-IDP-PROD-3965873-3369046",
              "instruction": "A Flood Watch means there is a potential for flooding based on
      current forecasts.

      You should monitor later forecasts and be alert for possible
      Flood Warnings. Those living in areas prone to flooding should be
      prepared to take action should flooding develop.

      Landslides and debris flows are possible during this flood event.
      People, structures and roads located below steep slopes, in
      canyons, and near the mouths of canyons may be at serious risk
      from rapidly moving landslides.",
              "sender": "NWS Portland OR",
              "severity": "Severe",
              "starts": "2019-12-20T13:34:00-08:00",
              "urgency": "Future",
            },
          ],
          "source": "Official warnings. National Weather Service of the United States (public domain).",
          "total": 1,
          "where": "ORZ006",
        },
      }
    `);
  });

  it("shows none that is over", async () => {
    const { ask } = await openWeather();
    expect(await ask("alerts", { area: "or" })).toMatchObject({
      where: "OR",
      alerts: [],
      total: 0,
    });
  });

  it("leaves out what is less severe", async () => {
    const { ask } = await openWeather({ now: THEN });
    const all = await ask("alerts", { area: "OR" });
    const severe = await ask("alerts", { area: "OR", min_severity: "Extreme" });
    expect(Number(all.total)).toBeGreaterThan(Number(severe.total));
  });

  it("asks for a place with at most four decimals", async () => {
    const { ask, host } = await openWeather({ now: THEN });
    await ask("alerts", { place: "Las Vegas NV" });
    expect(host.requests.at(-1)).toBe("/alerts/active?point=36.175,-115.1372&status=actual");
  });

  it.each([{}, { place: "30,-85", area: "FL" }, { area: "FL", zone: "FLZ015" }])(
    "wants exactly one of place, area and zone, not %j",
    async (input) => {
      const { error } = await openWeather();
      expect((await error("alerts", input)).details.reason).toBe("one_locator");
    },
  );

  it("says that it covers the United States only, without asking for a town of another country", async () => {
    const { error, host } = await openWeather();
    expect(await error("alerts", { place: "Tijuana" })).toMatchObject({
      code: "NOT_FOUND",
      details: { reason: "not_covered" },
    });
    expect(host.requests.some((path) => path.startsWith("/alerts"))).toBe(false);
  });

  it(`shows at most ${MAX_ALERTS}`, async () => {
    const { error } = await openWeather();
    expect((await error("alerts", { area: "FL", limit: MAX_ALERTS + 1 })).code).toBe(
      "VALIDATION_ERROR",
    );
  });
});
