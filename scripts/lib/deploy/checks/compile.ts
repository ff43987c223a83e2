import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { toolScript } from "../../checks/tool.ts";
import { runNode } from "../../run.ts";

/** TypeScript that stands for a file, or is one. */
export interface Source {
  path: string;
  code: string;
}

const OPTIONS = [
  ..."--ignoreConfig --noEmit --strict --skipLibCheck --target esnext --module esnext".split(" "),
  ...["--moduleResolution", "bundler"],
];

/** Compiles all in one run of the compiler, against the types in the repository's node_modules. */
export async function compile(root: string, sources: readonly Source[]): Promise<string[]> {
  if (sources.length === 0) return [];
  // inside the repository, so that the compiler finds the types
  const cache = join(root, "node_modules", ".cache");
  mkdirSync(cache, { recursive: true });
  const folder = mkdtempSync(join(cache, "compile-"));
  try {
    const files = sources.map((_, index) => join(folder, `${index}.ts`));
    for (const [index, { code }] of sources.entries()) writeFileSync(files[index] ?? "", code);
    const tsc = toolScript(root, "typescript", "tsc");
    const { ok, output } = await runNode([tsc, ...OPTIONS, ...files], { cwd: root });
    const problems = [...output.matchAll(/(\d+)\.ts\(\d+,\d+\): error \w+: (.*)/g)].map(
      ([, index, message]) => `${sources[Number(index)]?.path}: ${message}`,
    );
    return ok || problems.length > 0 ? problems : [`the compiler failed: ${output}`];
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
