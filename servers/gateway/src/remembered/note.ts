import { join } from "node:path";
import type { Variables } from "#shared/core/config.ts";
import { variableKind } from "#shared/core/variable-kind.ts";
import { config } from "../config.ts";
import { lockedVariables } from "../kinds/lockfile.ts";
import type { GatewaySettings } from "../settings/spec.ts";
import type { Inputs } from "./inputs.ts";

const foldersOf = ({ mounts }: GatewaySettings): string[] =>
  mounts.flatMap((mount) => (mount.kind === "package" ? [mount.folder] : []));

/** Notes the files that lists are made from: before they are made. `server` is the gateway's own. */
export function noteFiles(inputs: Inputs, settings: GatewaySettings, server: string): void {
  const [, entry = server] = process.argv;
  for (const file of [entry, server]) inputs.file(file);
  if (settings.pins) inputs.file(settings.pins.file);
  for (const folder of foldersOf(settings))
    for (const name of ["tools.lock.json", ".env"]) inputs.file(join(folder, name));
}

/** Notes the variables that mounts are listed by, and the gateway's own. */
export function noteVariables(inputs: Inputs, settings: GatewaySettings): void {
  const own: Variables = config.variables;
  for (const folder of foldersOf(settings)) inputs.variables(lockedVariables(folder) ?? {});
  for (const [name, { schema, secret = false }] of Object.entries(own))
    inputs.variables({ [name]: { kind: variableKind(schema), secret } });
}
