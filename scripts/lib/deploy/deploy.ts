import { join } from "node:path";
import { buildServers } from "../build/build.ts";
import { packBundle, packTarball } from "../packages/pack.ts";
import type { Project } from "../projects.ts";
import { run } from "../run.ts";
import { messageOf } from "../unknown.ts";
import type { Planned, PlannedGroup } from "./plan.ts";
import { fillIn, withProgram } from "./programs.ts";
import { inStage } from "./stage.ts";
import { notePlace, readState, type Shipped } from "./state.ts";
import type { Step } from "./target.ts";
import { container, imageSteps } from "./targets/container.ts";

export interface DeployOptions {
  root: string;
  projects: readonly Project[];
  /** Where it is noted what is where. */
  stateFile: string;
  env: NodeJS.ProcessEnv;
  /** Also what has not changed. */
  force: boolean;
  /** What ran before, instead of what is here. */
  back: boolean;
  /** The images are in their registry already. */
  pushed?: boolean;
  /** Looks at what was deployed; false when it does not work. */
  smoke?: ((planned: Planned) => Promise<{ ok: boolean; output: string }>) | undefined;
  write: (line: string) => void;
}

const STEP_SECONDS = 1_800;
/** Enough of a program's last words to see what it wants. */
const SHOWN_LINES = 20;

type Outcome = "deployed" | "current" | "failed";

/** Deploys one after another, whatever fails; true when nothing did. */
export async function deployAll(
  groups: readonly PlannedGroup[],
  options: DeployOptions,
): Promise<boolean> {
  const outcomes: { place: string; outcome: Outcome }[] = [];
  const images = new Set<string>();
  for (const planned of groups.flatMap((group) => group.planned)) {
    const outcome = await attempt(planned, options, images);
    outcomes.push({ place: planned.place, outcome });
  }
  for (const name of groups.flatMap((group) => group.broken)) {
    outcomes.push({ place: `${name}: it does not load`, outcome: "failed" });
  }
  const places = (outcome: Outcome) => outcomes.filter((one) => one.outcome === outcome);
  for (const { place } of places("failed")) options.write(`failed   ${place}`);
  const counted = (["deployed", "current", "failed"] as const).map(
    (outcome) => `${places(outcome).length} ${outcome}`,
  );
  options.write(counted.join(", "));
  return places("failed").length === 0;
}

async function attempt(
  planned: Planned,
  options: DeployOptions,
  images: Set<string>,
): Promise<Outcome> {
  const { place } = planned;
  try {
    if (planned.refused) throw new Error(planned.refused);
    if (planned.current && !options.force && !options.back) {
      options.write(`current  ${place}`);
      return "current";
    }
    if (options.back) await goBack(planned, options);
    else await goForward(planned, options, images);
    return "deployed";
  } catch (error) {
    options.write(`FAILED   ${place}: ${messageOf(error)}`);
    return "failed";
  }
}

async function goForward(planned: Planned, options: DeployOptions, images: Set<string>) {
  const { shipment, target, place, hash, files } = planned;
  const { image } = shipment;
  const there = options.pushed === true || images.has(image);
  const first = target.pullsImage && !there ? imageSteps(shipment) : [];
  await take([...first, ...target.steps(shipment)], planned, options);
  images.add(image);
  const looked = await options.smoke?.(planned);
  if (looked && !looked.ok) {
    const back = await attemptBack(planned, options);
    throw new Error(`it was deployed and does not work, ${back}:\n${looked.output.trimEnd()}`);
  }
  notePlace(options.stateFile, place, { hash, image, files, at: new Date().toISOString() });
  options.write(`deployed ${place}`);
}

async function attemptBack(planned: Planned, options: DeployOptions): Promise<string> {
  try {
    // the failed one was not noted, so what is noted is the former one
    await bringBack(planned, readState(options.stateFile)[planned.place], options);
    return "so the former one is back";
  } catch (error) {
    return `and the former one could not be brought back (${messageOf(error)})`;
  }
}

async function goBack(planned: Planned, options: DeployOptions): Promise<void> {
  const former = readState(options.stateFile)[planned.place]?.former;
  await bringBack(planned, former, options);
  const now = former && { ...former, at: new Date().toISOString() };
  notePlace(options.stateFile, planned.place, now);
}

/** By the host's memory where it has one; else what is noted is shipped again. */
async function bringBack(
  planned: Planned,
  noted: Shipped | undefined,
  options: DeployOptions,
): Promise<void> {
  const { shipment, target, place } = planned;
  if (target.rollback) {
    await take(target.rollback(shipment), planned, options);
    options.write(`back     ${place}`);
    return;
  }
  if (!target.pullsImage || noted === undefined) {
    throw new Error("nothing is noted of what ran before: deploy the former commit");
  }
  const { image, files } = noted;
  await take(target.steps({ ...shipment, image }), { ...planned, files }, options);
  options.write(`back     ${place} to ${image}`);
}

/** Runs the steps in a copy of the server's folder. Throws with the last words of one that fails. */
async function take(steps: readonly Step[], planned: Planned, options: DeployOptions) {
  const { shipment, target } = planned;
  const { env, root } = options;
  const tools = [...container.tools, ...target.tools];
  // all is found and known before anything is begun
  const ready = steps
    .map(({ command, args }) => ({ command, args: args.map((arg) => fillIn(arg, target, env)) }))
    .map((step) => withProgram(step, tools, env));
  const files = Object.entries(planned.files).map(([path, text]) => [
    path,
    fillIn(text, target, env),
  ]);
  if (target.takesBuild) await build(shipment.facts.name, options);
  const folder = join(root, "servers", shipment.facts.name);
  await inStage(folder, Object.fromEntries(files), target.takesBuild === true, async (stage) => {
    if (target.packed) await pack(shipment.facts.name, stage, options);
    for (const [index, { command, args }] of ready.entries()) {
      const done = await run(command, args, { cwd: stage, env, timeoutSeconds: STEP_SECONDS });
      if (done.ok) continue;
      const asked = [steps[index]?.command, ...args].join(" ");
      const words = done.output.trimEnd().split("\n").slice(-SHOWN_LINES).join("\n");
      throw new Error(`"${asked}" ended with ${done.code ?? "a signal"}:\n${words}`);
    }
  });
}

async function pack(name: string, stage: string, { projects }: DeployOptions): Promise<void> {
  const project = projects.find((one) => one.name === name);
  if (!project) return;
  await packTarball(project, stage);
  await packBundle(project, stage);
}

async function build(name: string, { projects, write }: DeployOptions): Promise<void> {
  const project = projects.find((one) => one.name === name);
  const lines: string[] = [];
  const results = project
    ? await buildServers([project], { onlyStale: true, write: (line) => lines.push(line) })
    : [];
  if (results.some(({ kind }) => kind === "failed")) throw new Error(lines.join("\n"));
  if (results.some(({ kind }) => kind === "built")) for (const line of lines) write(line);
}
