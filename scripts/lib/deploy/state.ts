import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import * as z from "zod";
import { SharedError } from "../copy/errors.ts";
import { prettyJson } from "../generate/canonical-json.ts";
import { messageOf } from "../unknown.ts";

const shipped = z.object({
  hash: z.string(),
  image: z.string(),
  /** As the host was given them, but for what only the account's owner knows. */
  files: z.record(z.string(), z.string()),
  at: z.string(),
});
const place = shipped.extend({
  /** What ran there before, for the way back. */
  former: shipped.optional(),
});
const schema = z.record(z.string(), place);

/** What was deployed, whole: an image with other settings is another thing. */
export type Shipped = z.infer<typeof shipped>;
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

/** Notes what runs at a place now; without `now` that this is not known. */
export function notePlace(file: string, name: string, now: Shipped | undefined): void {
  const { [name]: noted, ...others } = readState(file);
  const next = now ? { ...others, [name]: { ...now, ...formerOf(noted, now) } } : others;
  mkdirSync(dirname(file), { recursive: true });
  // whole or not at all, whenever it is stopped
  writeFileSync(`${file}.new`, prettyJson(next));
  renameSync(`${file}.new`, file);
}

/** What was deployed once more is not what ran before. */
function formerOf(noted: Place | undefined, now: Shipped): Pick<Place, "former"> {
  if (!noted) return {};
  const { former: before, ...last } = noted;
  const former = last.hash === now.hash ? before : last;
  return former ? { former } : {};
}
