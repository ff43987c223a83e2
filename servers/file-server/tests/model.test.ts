import { join } from "node:path";
import fc from "fast-check";
import { expect, test } from "vitest";
import { silentLog } from "#shared/core/log.ts";
import { server } from "../src/server.ts";
import { withRoot } from "./support/files.ts";
import { stateOf } from "./support/writes.ts";

/** A tree of files as a model has it: a text is a file, null a folder. */
type Model = Map<string, string | null>;

const PATHS = ["a", "b", "d", "d/a", "d/e", "d/e/a", "x"];
const path = fc.constantFrom(...PATHS);
const text = fc.constantFrom("", "one\n", "two\r\n");

const parentOf = (name: string) => name.split("/").slice(0, -1).join("/");
const isFolder = (model: Model, name: string) => name === "" || model.get(name) === null;
const below = (model: Model, name: string) =>
  [...model.keys()].filter((key) => key === name || key.startsWith(`${name}/`));

interface Step {
  tool: string;
  input: Record<string, unknown>;
  /** Does it to the model; false when it must be refused. */
  apply(model: Model): boolean;
}

const canStand = (model: Model, name: string) => isFolder(model, parentOf(name));

function put(model: Model, from: string, to: string, isCopy: boolean): void {
  for (const key of below(model, from)) {
    model.set(to + key.slice(from.length), model.get(key) ?? null);
    if (!isCopy) model.delete(key);
  }
}

const writeStep = fc.tuple(path, text, fc.constantFrom("create", "overwrite", "append")).map(
  ([name, content, mode]): Step => ({
    tool: "write_file",
    input: { path: name, content, mode, eol: "keep" },
    apply(model) {
      const old = model.get(name);
      if (!canStand(model, name) || old === null) return false;
      if (mode === "create" && old !== undefined) return false;
      if (mode === "append" && old?.endsWith("\r\n") && !old.replaceAll("\r\n", "").includes("\n"))
        model.set(name, old + content.replace(/\r?\n/g, "\r\n"));
      else model.set(name, mode === "append" ? (old ?? "") + content : content);
      return true;
    },
  }),
);

const makeStep = path.map(
  (name): Step => ({
    tool: "create_directory",
    input: { path: name },
    apply(model) {
      const names = name.split("/").map((_, i, all) => all.slice(0, i + 1).join("/"));
      if (names.some((each) => typeof model.get(each) === "string")) return false;
      for (const each of names) model.set(each, null);
      return true;
    },
  }),
);

const twoPaths = fc.tuple(path, path, fc.boolean());

const moveOrCopy = (tool: "move_path" | "copy_path") =>
  twoPaths.map(
    ([source, destination, overwrite]): Step => ({
      tool,
      input: { source, destination, overwrite },
      apply(model) {
        const [old, there] = [model.get(source), model.get(destination)];
        if (old === undefined || !canStand(model, destination)) return false;
        if (source === destination || (old === null && destination.startsWith(`${source}/`)))
          return false;
        if (there !== undefined && (!overwrite || there === null || old === null)) return false;
        put(model, source, destination, tool === "copy_path");
        return true;
      },
    }),
  );

const deleteStep = fc.tuple(path, fc.boolean()).map(
  ([name, recursive]): Step => ({
    tool: "delete_path",
    input: { path: name, recursive },
    apply(model) {
      const all = below(model, name);
      if (!model.has(name) || (!recursive && all.length > 1)) return false;
      for (const key of all) model.delete(key);
      return true;
    },
  }),
);

const steps = fc.array(
  fc.oneof(writeStep, makeStep, moveOrCopy("move_path"), moveOrCopy("copy_path"), deleteStep),
  { minLength: 1, maxLength: 15 },
);

const shown = (model: Model) =>
  Object.fromEntries(
    [...model].map(([name, content]) => [
      name,
      content === null ? "directory" : Buffer.from(content).toString("hex"),
    ]),
  );

const host = { signal: new AbortController().signal, era: "modern" as const };

async function play(root: string, sequence: readonly Step[]): Promise<void> {
  const env = { ALLOW_WRITE: "true", ALLOWED_ROOTS: JSON.stringify([root]) };
  const instance = await server.open({ env, log: silentLog, now: () => new Date(0) });
  const model: Model = new Map();
  const before: ReturnType<typeof shown>[] = [];
  const run = async (tool: string, input: Record<string, unknown>) => {
    const { result } = await instance.call(tool, input, host);
    return JSON.stringify(result);
  };
  try {
    for (const { tool, input, apply } of sequence) {
      const was = shown(model);
      const isAllowed = apply(model);
      const answer = await run(tool, input);
      expect(answer.includes('"isError":true'), `${tool} ${JSON.stringify(input)}: ${answer}`).toBe(
        !isAllowed,
      );
      expect(await stateOf(root)).toEqual(shown(model));
      // making a folder that is there is no change; each that was missing is one
      const made = Object.keys(shown(model)).length - Object.keys(was).length;
      const changes = tool === "create_directory" ? made : 1;
      if (isAllowed) for (let i = 0; i < changes; i += 1) before.push(was);
    }
    for (const was of before.reverse()) {
      const answer = await run("undo_changes", {});
      expect(answer).not.toContain('"isError":true');
      if (
        was !== before[before.indexOf(was) - 1] &&
        before.lastIndexOf(was) === before.indexOf(was)
      )
        expect(await stateOf(root)).toEqual(was);
    }
    expect(await stateOf(root)).toEqual({});
  } finally {
    await instance.close();
  }
}

test(
  "any sequence of changes does what it does to a model of the tree, and undo goes all the way back",
  () =>
    fc.assert(
      fc.asyncProperty(steps, (sequence) => withRoot({}, (root) => play(join(root), sequence))),
      { numRuns: 60 },
    ),
  120_000,
);
