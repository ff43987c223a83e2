import { MASKED_SECRET_MIN_LENGTH } from "#shared/core/mask.ts";
import type { Env } from "#shared/mcp/environment.ts";

/** What a program needs to run at all, and nothing that is the gateway's business alone. */
const PASSED_ON = [
  "HOME",
  "LANG",
  "LC_ALL",
  "LOGNAME",
  "PATH",
  "SHELL",
  "TERM",
  "TMPDIR",
  "TZ",
  "USER",
  // Windows finds no libraries, and no folder of the user, without these
  "APPDATA",
  "COMSPEC",
  "LOCALAPPDATA",
  "PATHEXT",
  "PROGRAMFILES",
  "SystemRoot",
  "TEMP",
  "USERPROFILE",
];

/** The environment of a command that is not ours: what its entry declares, and what every program needs. */
export function commandEnvironment(
  declared: Readonly<Record<string, string>>,
  process: Env,
): Record<string, string> {
  const passed = PASSED_ON.flatMap((name): [string, string][] => {
    const value = process[name];
    return value === undefined ? [] : [[name, value]];
  });
  return { ...Object.fromEntries(passed), ...declared };
}

const SECRET_NAME = /key|token|secret|pass|credential|auth|cookie/i;

/** The values that must not be told, by their names. */
export const secretsOf = (values: Readonly<Record<string, string>>): string[] =>
  Object.entries(values)
    .filter(([name, value]) => SECRET_NAME.test(name) && value.length >= MASKED_SECRET_MIN_LENGTH)
    .map(([, value]) => value);
