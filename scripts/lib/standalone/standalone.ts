import {
  chmodSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { shippedFiles } from "../git-files.ts";
import { type PackageManagers, packageManagers, QUIET_INSTALL } from "../package-managers.ts";
import { inParallel } from "../parallel.ts";
import { longestFirst, type Project } from "../projects.ts";
import { run } from "../run.ts";
import { sumTallies, type Tally } from "../suites/tally.ts";
import { isRecord } from "../unknown.ts";
import { answerSteps } from "./answers.ts";
import { assertAlone, freshEnvironment } from "./environment.ts";
import { runSteps, type Step } from "./steps.ts";

export interface StandaloneOptions {
  root: string;
  tools?: PackageManagers;
  /** Leaves the copies where they are and says where. */
  keep?: boolean;
  write: (line: string) => void;
}

/** Copies exactly what git would ship of the folder. */
export function copyShipped(from: string, to: string): void {
  const files = shippedFiles(from);
  if (files.length === 0) throw new Error(`git ships nothing of ${from}`);
  for (const file of files) {
    mkdirSync(dirname(join(to, file)), { recursive: true });
    cpSync(join(from, file), join(to, file), { verbatimSymlinks: true });
  }
}

function hasDependencies(folder: string): boolean {
  const manifest: unknown = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
  const dependencies = isRecord(manifest) ? manifest.dependencies : undefined;
  return isRecord(dependencies) && Object.keys(dependencies).length > 0;
}

/** Seconds that one step may take: a whole suite beside others, on a busy machine. It only ends what hangs. */
const STEP_SECONDS = 1_200;

class Copy {
  readonly folder: string;
  readonly #root: string;
  readonly #source: string;

  constructor(root: string, source: Project) {
    this.#root = root;
    this.#source = source.dir;
    // a folder of its own around it, because a gateway looks at what stands beside it
    const around = realpathSync(mkdtempSync(join(tmpdir(), "flotilla-alone-")));
    // open like a folder that git made, because some tests run programs of the copy as another user
    chmodSync(around, 0o755);
    this.folder = join(around, source.name);
    mkdirSync(this.folder);
  }

  make(): void {
    assertAlone(this.folder);
    copyShipped(this.#source, this.folder);
  }

  async run([command, ...first]: [string, ...string[]], ...args: string[]): Promise<void> {
    const env = freshEnvironment(this.#root);
    const options = { cwd: this.folder, env, timeoutSeconds: STEP_SECONDS };
    const result = await run(command, [...first, ...args], options);
    if (!result.ok) throw new Error(result.output);
  }

  delete(...names: string[]): void {
    for (const name of names) rmSync(join(this.folder, name), { recursive: true, force: true });
  }
}

/** Install, test, build, and then answer from what was built, with nothing else left. */
function pnpmSteps(copy: Copy, { pnpm }: PackageManagers): Step[] {
  return [
    { name: "copy", run: () => copy.make() },
    { name: "pnpm install", run: () => copy.run(pnpm, "install", "--frozen-lockfile") },
    { name: "pnpm test", run: () => copy.run(pnpm, "test") },
    { name: "pnpm run build", run: () => copy.run(pnpm, "run", "build") },
    {
      name: "only what runs",
      async run() {
        copy.delete("node_modules", "src", "tests");
        if (!hasDependencies(copy.folder)) return;
        // What cannot be bundled, native code for one.
        await copy.run(pnpm, "install", "--prod", "--frozen-lockfile");
      },
    },
    ...answerSteps({ cwd: copy.folder, dist: "dist", source: copy.folder }),
  ];
}

/** The suite has run whole by then: what a second package manager could break is what is installed. */
const npmTest = ["test", "--", "--passWithNoTests", "contract"] as const;

function npmSteps(copy: Copy, { npm }: PackageManagers): Step[] {
  return [
    { name: "second copy", run: () => copy.make() },
    { name: "npm install", run: () => copy.run(npm, "install", ...QUIET_INSTALL) },
    { name: "npm test", run: () => copy.run(npm, ...npmTest) },
    { name: "npm run build", run: () => copy.run(npm, "run", "build") },
  ];
}

/** Proves in a copy of its own, by one package manager, that a server's folder needs nothing else. */
async function prove(
  project: Project,
  stepsOf: typeof pnpmSteps,
  { root, write, keep, tools = packageManagers }: StandaloneOptions,
): Promise<Tally> {
  const copy = new Copy(root, project);
  try {
    return await runSteps(project.name, stepsOf(copy, tools), write);
  } finally {
    if (keep) write(`kept    ${copy.folder}`);
    else rmSync(dirname(copy.folder), { recursive: true, force: true });
  }
}

/** Proves that each server's folder needs nothing of this repository; whole suites come first. */
export async function testStandalone(
  projects: readonly Project[],
  jobs: number,
  options: StandaloneOptions,
): Promise<Tally> {
  const ordered = longestFirst(projects);
  const work = [pnpmSteps, npmSteps].flatMap((steps) =>
    ordered.map((project) => ({ project, steps })),
  );
  return sumTallies(
    await inParallel(work, jobs, ({ project, steps }) => prove(project, steps, options)),
  );
}
