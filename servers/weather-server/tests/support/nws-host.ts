import alerts from "../fixtures/nws/alerts_active_zone.json" with { type: "json" };
import stations from "../fixtures/nws/gridpoints_stations.json" with { type: "json" };
import point from "../fixtures/nws/points.json" with { type: "json" };
import latest from "../fixtures/nws/stations_observations_latest.json" with { type: "json" };
import type { Reply } from "./synthetic.ts";

const LOCATORS = ["point", "area", "zone", "region"];
const KNOWN = new Set([...LOCATORS, "status", "message_type", "severity"]);

const problem = (status: number, type: string, title: string): Reply => ({
  status,
  body: {
    type: `https://api.weather.gov/problems/${type}`,
    title,
    status,
    detail: title,
    correlationId: "1",
  },
});

/** The recorded answers, and the refusals of its interface description. */
export function weatherGov(path: string, params: URLSearchParams): Reply {
  if (path === "/alerts/active") {
    const names = [...params.keys()];
    const bad = names.some((name) => !KNOWN.has(name));
    if (bad || names.filter((name) => LOCATORS.includes(name)).length !== 1)
      return problem(400, "BadRequest", "Bad Request");
    if (/\.\d{5}/.test(params.get("point") ?? "")) return problem(400, "BadRequest", "Too precise");
    return { status: 200, body: alerts };
  }
  if (path.startsWith("/points/")) {
    if (/\.\d{5}/.test(path)) return problem(301, "AdjustPointPrecision", "Adjusting Precision");
    const [latitude = 0] = path.slice("/points/".length).split(",").map(Number);
    return latitude > 50
      ? problem(404, "InvalidPoint", "Data Unavailable For Requested Point")
      : { status: 200, body: point };
  }
  if (path.endsWith("/stations")) return { status: 200, body: stations };
  if (path.endsWith("/observations/latest")) return { status: 200, body: latest };
  return problem(404, "NotFound", "Not Found");
}
