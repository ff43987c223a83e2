import { SharedError } from "./copy/errors.ts";

const asksForHelp = (argv: readonly string[]) => argv.includes("--help") || argv.includes("-h");

/**
 * Runs one command: `--help` prints the usage, a thrown error becomes one message, and the exit
 * code is 0 when `run` says true, 1 when the work failed, 2 when the command was misused.
 */
export async function main(
  usage: string,
  run: (argv: string[]) => Promise<boolean>,
  isHelp: (argv: readonly string[]) => boolean = asksForHelp,
) {
  // "pnpm run x -- --check" hands the "--" on
  const argv = process.argv.slice(process.argv[2] === "--" ? 3 : 2);
  if (isHelp(argv)) {
    console.log(usage);
    return;
  }
  try {
    if (!(await run(argv))) process.exitCode = 1;
  } catch (error) {
    process.exitCode = isMisuse(error) ? 2 : 1;
    console.error(isMisuse(error) ? `${error.message}\n\n${usage}` : explain(error));
  }
}

/** The command was called wrongly: its usage is shown with the message. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}

/** The value of an option that is a whole number from 1 to `most`. */
export function countFrom(option: string, text: string, most: number): number {
  const count = Number(text);
  if (Number.isInteger(count) && count >= 1 && count <= most) return count;
  throw new UsageError(`${option} takes a whole number from 1 to ${most}, not "${text}"`);
}

function isMisuse(error: unknown): error is Error {
  if (error instanceof UsageError) return true;
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  return typeof code === "string" && code.startsWith("ERR_PARSE_ARGS");
}

function explain(error: unknown): string {
  if (error instanceof SharedError) return error.message;
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
