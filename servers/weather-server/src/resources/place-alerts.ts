import { defineResource } from "#shared/core/definition.ts";
import type { WeatherConfig } from "../config.ts";
import { alertsAt, askAlerts } from "../nws/ask-alerts.ts";
import { watchAlerts } from "../nws/watch-alerts.ts";
import { completePlace } from "../places/complete.ts";
import { resolvePlace } from "../places/resolve.ts";
import type { WeatherServices } from "../services.ts";

const PREFIX = "weather://place/";
const SUFFIX = "/alerts";

const placeIn = (uri: string) =>
  decodeURIComponent(uri.slice(PREFIX.length, uri.length - SUFFIX.length));

export const placeAlerts = defineResource<WeatherConfig, WeatherServices>({
  uriTemplate: "weather://place/{place}/alerts",
  name: "place_alerts",
  title: "Alerts of a place",
  description: "Warnings in force at a place in the United States; subscribe to hear of changes",
  mimeType: "application/json",
  async read(uri, { place: text = "" }, { services, signal }) {
    const { nws, geocoder, now } = await services.get("sources");
    const place = await resolvePlace(text, { geocoder, signal });
    const { alerts } = await askAlerts(alertsAt(place), { nws, signal, now: now() });
    return {
      contents: [{ uri, mimeType: "application/json", text: JSON.stringify({ alerts }) }],
    };
  },
  async watch(uri, changed, { services }) {
    const { nws, geocoder, now } = await services.get("sources");
    const leaving = new AbortController();
    const { signal } = leaving;
    const question = alertsAt(await resolvePlace(placeIn(uri), { geocoder, signal }));
    const look = async () => {
      const { alerts } = await askAlerts(question, { nws, signal, now: now() });
      return JSON.stringify(alerts.map(({ id }) => id).sort());
    };
    const stop = watchAlerts(look, changed);
    return () => {
      stop();
      leaving.abort(new DOMException("Nobody watches any longer", "AbortError"));
    };
  },
  complete: (_name, value, context) => completePlace(value, context),
});
