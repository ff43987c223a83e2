// Copied from shared/mcp/environment.ts by "pnpm shared:copy": edit it there, or keep a local change with "pnpm shared:detach".
import { readFileSync } from "node:fs";
import { parseEnv } from "node:util";
import { detectPlatform } from "#shared/core/platform.ts";

export type Env = Readonly<Record<string, string | undefined>>;

/** The process's environment; in local runs what a `.env` in the working directory adds to it. */
export function loadEnvironment(env: Env = process.env): Env {
  if (detectPlatform(env).cloud) return env;
  try {
    return { ...parseEnv(readFileSync(".env", "utf8")), ...env };
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return env;
    throw error;
  }
}
