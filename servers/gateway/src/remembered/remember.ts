import { readdirSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import type { Log } from "#shared/core/contract.ts";
import { lazily } from "#shared/core/lazily.ts";
import type { AnswerSource } from "#shared/mcp/answers.ts";
import type { Env } from "#shared/mcp/environment.ts";
import type { GatewaySettings } from "../settings/spec.ts";
import { writeWhole } from "../state/json-file.ts";
import type { Inputs } from "./inputs.ts";
import { environmentOf, type Memory, memoryFile, memoryFolder, ownerOf, recall } from "./memory.ts";
import { noteVariables } from "./note.ts";

/** Memories that are kept: there is one for each working folder. */
export const MAX_MEMORIES = 32;

/** Milliseconds after which it is written: whoever waits for the lists gets them first. */
const LATER_MS = 200;

export interface Remembered {
  inputs: Inputs;
  settings: GatewaySettings;
  env: Env;
  /** What was made from `inputs`, and is read at once. */
  source: AnswerSource;
  log: Log;
}

/**
 * Keeps what was opened for the next start, a little later. What comes back does it now, for a process
 * that ends. Without a place to keep it the next start is as slow as this one.
 */
export function rememberLater(options: Remembered): () => void {
  const answers = answersOf(options.source);
  const write = lazily(() => {
    try {
      remember(answers, options);
    } catch (error) {
      options.log.debug("What was listed could not be kept for the next start", { error });
    }
  });
  setTimeout(write, LATER_MS).unref();
  return write;
}

function remember(answers: Memory["answers"], { inputs, settings, env }: Remembered): void {
  const owner = ownerOf();
  const folder = memoryFolder(process.env);
  if (!owner || !folder) return;
  const known = recall(env);
  if (known && isDeepStrictEqual(answersOf(known), answers)) return;
  noteVariables(inputs, settings);
  const noted = inputs.all;
  if (!noted) return;
  const environment = environmentOf(noted.variables, env);
  const memory: Memory = { owner, ...noted, environment, answers };
  writeWhole(memoryFile(folder, owner), JSON.stringify(memory));
  forgetOldest(folder);
}

const answersOf = ({ listTools, ...rest }: AnswerSource) => ({ ...rest, tools: listTools() });

function forgetOldest(folder: string): void {
  const files = readdirSync(folder).map((name) => join(folder, name));
  const ages = files.map((file) => ({ file, writtenAt: statSync(file).mtimeMs }));
  ages.sort((a, b) => b.writtenAt - a.writtenAt);
  for (const { file } of ages.slice(MAX_MEMORIES)) rmSync(file, { force: true });
}
