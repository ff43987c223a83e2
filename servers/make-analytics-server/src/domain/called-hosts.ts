import { modulesOf, textsIn } from "#shared/make-api/blueprint.ts";
import type { WithBlueprint } from "#shared/make-api/scan.ts";

export interface CalledHost {
  host: string;
  /** Called without TLS. */
  plain: boolean;
  scenarioIds: number[];
  teamIds: number[];
}

const ADDRESS =
  /\b(https?):\/\/([a-z0-9.-]+\.[a-z]{2,}|\[[0-9a-f:]+\]|\d+(?:\.\d+){3})(?=[:/?#\s"']|$)/gi;
/** Apps whose modules call addresses that the blueprint names. */
const CALLERS = /^(http|soap|graphql|websocket|rss|xml|sftp|ftp)/;

/** Hosts that the modules of blueprints call by address; one in an expression is not known before it runs. */
export function calledHosts(scenarios: readonly WithBlueprint[]): CalledHost[] {
  const found = new Map<string, CalledHost>();
  for (const { scenario, answer } of scenarios) {
    for (const { app, mapper, parameters } of modulesOf(answer.blueprint)) {
      if (!CALLERS.test(app)) continue;
      const texts = [...textsIn(mapper), ...textsIn(parameters)];
      for (const { text } of texts)
        for (const [, scheme = "", name = ""] of text.matchAll(ADDRESS)) {
          const host = name.toLowerCase();
          const known = found.get(host) ?? { host, plain: false, scenarioIds: [], teamIds: [] };
          known.plain ||= scheme.toLowerCase() === "http";
          addOnce(known.scenarioIds, scenario.id);
          if (scenario.teamId) addOnce(known.teamIds, scenario.teamId);
          found.set(host, known);
        }
    }
  }
  return [...found.values()].sort((a, b) => (a.host < b.host ? -1 : 1));
}

function addOnce(list: number[], value: number): void {
  if (!list.includes(value)) list.push(value);
}

/** Second-level names under which countries give out domains: "co.uk". */
const SHARED_SECOND = /^(co|com|net|org|gov|ac|edu|ne|or)$/;

/** "crm.example.com" belongs to "example.com"; an address belongs to itself. */
export function domainOf(host: string): string {
  if (/^[\d.]+$|^\[/.test(host)) return host;
  const parts = host.split(".");
  const last = parts.at(-1) ?? "";
  const isShared = last.length === 2 && SHARED_SECOND.test(parts.at(-2) ?? "");
  return parts.slice(isShared ? -3 : -2).join(".");
}
