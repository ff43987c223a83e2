import { shortName } from "./generate/facts.ts";

/** The server that new ones are made of, and what its files call it. */
export const MODEL = "greet-server";
const MODEL_PORT = 3007;
const MODEL_TOOL = { identifier: "echoHai", file: "echo-hai" };

/** A new server's tool keeps the rule for names that the model's, which clients know, does not. */
const TOOL = { name: "say_hello", identifier: "sayHello", file: "say-hello" };

/** The model's tool where code names the value; anywhere else it is the tool's name. */
const IDENTIFIER = new RegExp(`(?<=\\bconst |\\{ |\\[)${MODEL_TOOL.identifier}\\b`, "g");

export interface NewNames {
  name: string;
  port: number;
}

/** A path or a text of the model as the new server has it. */
export function rename(text: string, { name, port }: NewNames): string {
  return text
    .replace(IDENTIFIER, TOOL.identifier)
    .replaceAll(MODEL_TOOL.identifier, TOOL.name)
    .replaceAll(MODEL_TOOL.file, TOOL.file)
    .replaceAll(MODEL, name)
    .replaceAll(`"${shortName(MODEL)}"`, `"${shortName(name)}"`)
    .replaceAll(new RegExp(`(?<!\\d)${MODEL_PORT}(?!\\d)`, "g"), String(port))
    .replace(/^ *exceptions: \{[^}]*\},?\n/m, "");
}
