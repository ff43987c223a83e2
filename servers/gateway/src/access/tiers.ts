import { readFileSync } from "node:fs";
import * as z from "zod";
import { StartError } from "#shared/core/lifecycle.ts";
import { shortName } from "../settings/names.ts";

const servers = z.array(z.string().min(1));

/** deployment-config.json, as far as it says who has which servers. */
const deployment = z.looseObject({
  tiers: z.record(z.string(), z.looseObject({ servers })),
  clients: z.record(
    z.string(),
    z.looseObject({
      tier: z.string(),
      /** By server: false takes it away, anything else adds it where the tier lacks it. */
      overrides: z.record(z.string(), z.unknown()).default({}),
    }),
  ),
});

/** The servers of each client, by its name. Throws a StartError that says what is wrong with the file. */
export function readClients(file: string): ReadonlyMap<string, readonly string[]> {
  const parsed = deployment.safeParse(readJson(file));
  if (!parsed.success)
    throw new StartError(`${file} is malformed: ${z.prettifyError(parsed.error)}`);
  const { tiers, clients } = parsed.data;
  return new Map(
    Object.entries(clients).map(([name, { tier, overrides }]) => {
      const known = tiers[tier];
      if (!known)
        throw new StartError(
          `${file}: clients.${name}.tier: there is no "${tier}", only ${Object.keys(tiers).join(", ")}`,
        );
      const all = new Set([...known.servers, ...Object.keys(overrides)]);
      return [name, [...all].filter((server) => overrides[server] !== false).map(shortName)];
    }),
  );
}

function readJson(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, "utf8"));
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new StartError(`${file} cannot be read: ${reason}`);
  }
}
