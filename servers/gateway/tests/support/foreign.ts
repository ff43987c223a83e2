import { resolve } from "node:path";
import { startHttp } from "../shared/testing/http.ts";

const fixture = (name: string) => resolve("tests/fixtures", name);

export const FOREIGN_ERAS = ["legacy", "modern"] as const;
export type ForeignEra = (typeof FOREIGN_ERAS)[number];

/** An entry of a gateway.json for the foreign fixture over stdio. */
export const foreignCommand = (era: ForeignEra, env: Record<string, string> = {}) => ({
  command: process.execPath,
  args: [fixture("foreign-stdio.js")],
  env: { ERA: era, ...env },
});

/** The foreign fixture over HTTP, and its entry of a gateway.json. */
export async function foreignRemote(era: ForeignEra, env: Record<string, string> = {}) {
  const server = await startHttp({ entry: fixture("foreign-http.js"), env: { ERA: era, ...env } });
  return { server, entry: { type: "http", url: server.url } };
}
