import { stringify as toToml } from "smol-toml";
import { stringify } from "yaml";
import { prettyJson } from "../generate/canonical-json.ts";

const HEADER = "Written by pnpm generate. Do not edit.";

export const yamlText = (...documents: unknown[]): string =>
  `# ${HEADER}\n${documents.map((one) => stringify(one, { lineWidth: 100 })).join("---\n")}`;

export const tomlText = (value: object): string => `# ${HEADER}\n${toToml(value)}\n`;

export const jsonText = prettyJson;

export const jsoncText = (value: unknown): string => `// ${HEADER}\n${prettyJson(value)}`;
