import type { CommandContext } from "./command.ts";

/** Words that are commands of their own; each is loaded when it is asked for. */
const COMMANDS: Readonly<
  Record<
    string,
    () => Promise<
      (argv: readonly string[], context: CommandContext) => string[] | Promise<string[]>
    >
  >
> = {
  audit: async () => (await import("./audit.ts")).runAudit,
  keys: async () => (await import("./keys.ts")).runKeys,
};

/** Runs a command beside serving and prints what it says; false when the command line is none. Throws a StartError. */
export async function runCommand(
  [name = "", ...argv]: readonly string[],
  context: CommandContext,
  print: (line: string) => void,
): Promise<boolean> {
  const load = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
  if (!load) return false;
  const run = await load();
  for (const line of await run(argv, context)) print(line);
  return true;
}
