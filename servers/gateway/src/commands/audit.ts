import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { StartError } from "#shared/core/lifecycle.ts";
import { verifyLog } from "../audit/verify.ts";
import { type CommandContext, readOptions } from "./command.ts";

export const AUDIT_USAGE = `Usage: gateway audit verify <file>

Reads an audit log, with what was put aside of it, and names each line that was changed, taken out or
moved. With GATEWAY_AUDIT_KEY the signatures are checked too. Ends with 1 when something is wrong.

  --from <number>  the first line that is there, when older files were deleted (0)
  --help           show this`;

const OPTIONS = {
  from: { type: "string", default: "0" },
  help: { type: "boolean" },
} as const;

/** Runs `gateway audit ...` and returns what it says. Throws a StartError on a log that is not as it was written. */
export async function runAudit(
  argv: readonly string[],
  { env, cwd }: CommandContext,
): Promise<string[]> {
  const { values, positionals } = readOptions(argv, OPTIONS, AUDIT_USAGE);
  if (values.help) return [AUDIT_USAGE];
  const [command, file, ...more] = positionals;
  const isCount = /^\d{1,15}$/.test(values.from);
  if (command !== "verify" || file === undefined || more.length > 0 || !isCount)
    throw new StartError(AUDIT_USAGE);
  const key = env.GATEWAY_AUDIT_KEY === "" ? undefined : env.GATEWAY_AUDIT_KEY;
  const path = resolve(cwd, file);
  const { lines, unsigned, faults } = await verifyLog(path, key, Number(values.from));
  if (lines === 0)
    throw new StartError(
      existsSync(path) ? `${file} has no line of an audit log` : `There is no file ${path}`,
    );
  if (faults.length > 0) throw new StartError(faults.join("\n"));
  const signed =
    unsigned === undefined
      ? "signatures were not checked: GATEWAY_AUDIT_KEY is not set"
      : `the last ${unsigned} are not signed yet`;
  return [`${lines} lines follow from each other; ${signed}`];
}
