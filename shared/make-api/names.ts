import type { MakeCall } from "./call.ts";
import { nameKey } from "./portable.ts";
import type { Scenario } from "./scan.ts";

const LISTS = {
  connection: "GET /connections",
  hook: "GET /hooks",
  key: "GET /keys",
  datastore: "GET /data-stores",
  datastructure: "GET /data-structures",
} as const;

/** The names of what blueprints of these teams may refer to; kinds that the token cannot read are told as missing. */
export async function readNames(
  make: MakeCall,
  teamIds: readonly number[],
  scenarios: readonly Scenario[],
): Promise<Map<string, string>> {
  const names = new Map(scenarios.map(({ id, name }) => [nameKey("scenario", id), name]));
  for (const [kind, key] of Object.entries(LISTS)) {
    await make.optional(`names: ${kind}`, async () => {
      for (const teamId of teamIds)
        for (const { id, name } of await make.all(key, { query: { teamId } }))
          names.set(nameKey(kind as keyof typeof LISTS, Number(id)), String(name ?? id));
    });
  }
  return names;
}
