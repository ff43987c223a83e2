import { join } from "node:path";
import { fs, util } from "#shared/core/builtin.ts";
import { StartError } from "#shared/core/lifecycle.ts";
import { detectPlatform } from "#shared/core/platform.ts";

export type Env = Readonly<Record<string, string | undefined>>;

/** Where this file is in a server: in a bundle or a part of it, or as source. */
const IN_SERVER = /(?:dist\/(?:chunks\/)?|src\/shared\/mcp\/)[^/]+$/;

/** The `.env` beside a server's package.json, by the address of this file in it; undefined when it is in no server. */
export const ownEnvFile = (file: string): URL | undefined =>
  IN_SERVER.test(file) ? new URL(file.replace(IN_SERVER, ".env")) : undefined;

/**
 * The process's environment; in local runs what the `.env` of the server's folder adds to it, or of the
 * folder that is named. Never that of the working directory: clients start servers in the project that
 * is open, which may be anybody's. Nor any in tests, which do not depend on who runs them. Throws a
 * StartError when the file cannot be read.
 */
export function loadEnvironment(env: Env = process.env, folder?: string): Env {
  if (detectPlatform(env).cloud || env.NODE_ENV === "test") return env;
  const file = folder === undefined ? ownEnvFile(import.meta.url) : join(folder, ".env");
  if (file === undefined) return env;
  try {
    return { ...util().parseEnv(fs().readFileSync(file, "utf8")), ...env };
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    // a folder holds no variables: some tools keep theirs under this name
    if (code === "ENOENT" || code === "EISDIR") return env;
    throw new StartError(`A file of variables cannot be read: ${message}`);
  }
}
