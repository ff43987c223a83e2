import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import * as z from "zod";
import { SharedError } from "../copy/errors.ts";
import { prettyJson } from "../generate/canonical-json.ts";
import { messageOf } from "../unknown.ts";

const place = z.object({
  /** Of what runs there. */
  hash: z.string(),
  image: z.string(),
  at: z.string(),
  /** What ran there before, for the way back. */
  formerImage: z.string().optional(),
});
const schema = z.record(z.string(), place);

export type Place = z.infer<typeof place>;
export type State = z.infer<typeof schema>;

/** What is where is noted beside the repository, one file an environment; git does not keep it. */
export const stateFile = (root: string, environment: string): string =>
  join(root, ".deployed", `${environment}.json`);

export const placeName = (target: string, instance: string): string => `${target} ${instance}`;

export function readState(file: string): State {
  if (!existsSync(file)) return {};
  try {
    return schema.parse(JSON.parse(readFileSync(file, "utf8")));
  } catch (error) {
    throw new SharedError(
      `${file} cannot be read (${messageOf(error)}). Without it everything counts as changed: remove it to go on.`,
    );
  }
}

export function notePlace(file: string, name: string, now: Omit<Place, "formerImage">): void {
  const state = readState(file);
  const former = state[name];
  const formerImage = former?.image === now.image ? former.formerImage : former?.image;
  const next = { ...state, [name]: { ...now, ...(formerImage && { formerImage }) } };
  mkdirSync(dirname(file), { recursive: true });
  // whole or not at all, whenever it is stopped
  writeFileSync(`${file}.new`, prettyJson(next));
  renameSync(`${file}.new`, file);
}
