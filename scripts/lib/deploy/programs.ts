import { accessSync, constants, statSync } from "node:fs";
import { delimiter, join } from "node:path";
import type { Step, Target, Tool } from "./target.ts";

type Env = Readonly<Record<string, string | undefined>>;

/** The file that a name on the PATH means, as a shell would find it. */
export function programFile(name: string, env: Env): string | undefined {
  const endings = process.platform === "win32" ? [".exe", ".cmd", ""] : [""];
  const folders = (env.PATH ?? "").split(delimiter).filter(Boolean);
  const files = folders.flatMap((folder) => endings.map((ending) => join(folder, name + ending)));
  return files.find((file) => {
    try {
      accessSync(file, constants.X_OK);
      return statSync(file).isFile();
    } catch {
      return false;
    }
  });
}

/** The step with the file to run: another program of the same kind will do where there is one. */
export function withProgram({ command, args }: Step, tools: readonly Tool[], env: Env): Step {
  const tool = tools.find(({ names }) => names.includes(command));
  for (const name of tool?.names ?? [command]) {
    const file = programFile(name, env);
    if (file) return { command: file, args };
  }
  const names = (tool?.names ?? [command]).join(" or ");
  throw new Error(
    `${names} is not on the PATH${tool ? `: get it at ${tool.from}, or choose another target` : ""}`,
  );
}

/** Fills in what only the owner of the account knows; says what is missing, and what it is. */
export function fillIn(text: string, { needs = {} }: Target, env: Env): string {
  const missing = Object.keys(needs).filter((name) => !env[name] && text.includes(`\${${name}}`));
  if (missing.length > 0) {
    const lines = missing.map((name) => `${name}, ${needs[name]}`);
    throw new Error(`not set: ${lines.join("; ")}`);
  }
  return text.replace(/\$\{([A-Z_]+)\}/g, (whole, name: string) =>
    name in needs ? (env[name] ?? whole) : whole,
  );
}
