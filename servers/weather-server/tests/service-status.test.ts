import { describe, expect, it } from "vitest";
import { openWeather } from "./support/weather.ts";

describe("service_status", () => {
  it("answers in whole", async () => {
    const { call, ask } = await openWeather();
    await ask("forecast", { place: "52.52437,13.41053" });
    const result = await call("service_status", {});
    const port = /127\.0\.0\.1:\d+/g;
    expect(JSON.parse(JSON.stringify(result).replaceAll(port, "the.host"))).toMatchInlineSnapshot(`
      {
        "content": [
          {
            "text": "{"mode":"live","plan":"free","limits":[{"window":"minute","limit":600,"used":1,"left":599},{"window":"hour","limit":5000,"used":1,"left":4999},{"window":"day","limit":10000,"used":1,"left":9999}],"cached":1,"hosts":[{"host":"the.host","requests":1,"failures":0,"last_answer":"2025-01-15T11:07:00.000Z"}]}",
            "type": "text",
          },
        ],
        "structuredContent": {
          "cached": 1,
          "hosts": [
            {
              "failures": 0,
              "host": "the.host",
              "last_answer": "2025-01-15T11:07:00.000Z",
              "requests": 1,
            },
          ],
          "limits": [
            {
              "left": 599,
              "limit": 600,
              "used": 1,
              "window": "minute",
            },
            {
              "left": 4999,
              "limit": 5000,
              "used": 1,
              "window": "hour",
            },
            {
              "left": 9999,
              "limit": 10000,
              "used": 1,
              "window": "day",
            },
          ],
          "mode": "live",
          "plan": "free",
        },
      }
    `);
  });

  it("counts the weight of 50 places", async () => {
    const { ask } = await openWeather();
    const places = Array.from({ length: 50 }, (_, index) => `10,${index}`);
    await ask("current_weather", { places });
    const { limits } = await ask("service_status", {});
    expect(limits).toMatchObject([{ window: "minute", used: 60, left: 540 }, {}, {}]);
  });
});
