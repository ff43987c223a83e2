import { type ParseArgsConfig, parseArgs } from "node:util";
import { StartError } from "#shared/core/lifecycle.ts";

/** What a command of the gateway goes by, so that it runs the same in a test. */
export interface CommandContext {
  env: Readonly<Record<string, string | undefined>>;
  cwd: string;
  now(): Date;
}

/** Reads the options of a command. Throws a StartError that says what is wrong with them. */
export function readOptions<const T extends NonNullable<ParseArgsConfig["options"]>>(
  argv: readonly string[],
  options: T,
  usage: string,
) {
  try {
    return parseArgs({ args: [...argv], options, allowPositionals: true, strict: true });
  } catch (error) {
    const reason = error instanceof Error ? error.message.split("\n", 1)[0] : String(error);
    throw new StartError(`${reason}\n\n${usage}`);
  }
}
