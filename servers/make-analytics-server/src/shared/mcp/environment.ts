// Copied from shared/mcp/environment.ts by "pnpm shared:copy": edit it there, or keep a local change with "pnpm shared:detach".
import { join } from "node:path";
import { fs, util } from "#shared/core/builtin.ts";
import { detectPlatform } from "#shared/core/platform.ts";

export type Env = Readonly<Record<string, string | undefined>>;

/** The process's environment; in local runs what a `.env` in the folder, the working one unless told, adds to it. */
export function loadEnvironment(env: Env = process.env, folder = "."): Env {
  if (detectPlatform(env).cloud) return env;
  try {
    return { ...util().parseEnv(fs().readFileSync(join(folder, ".env"), "utf8")), ...env };
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return env;
    throw error;
  }
}
