import { asObject, asText, type JsonObject } from "../copy/json.ts";
import type { PackageFacts } from "./facts.ts";

/** "git+https://host/owner/name.git" as one opens it in a browser. */
const webAddress = (url: string) => url.replace(/^git\+/, "").replace(/\.git$/, "");

/** Reads what the generated files need of package.json; says what is missing. */
export function readPackage(manifest: JsonObject, label: string): PackageFacts {
  const text = (key: string) => asText(manifest[key], `${label} ${key}`);
  const repository = asObject(manifest.repository, `${label} repository`);
  const engines = asObject(manifest.engines, `${label} engines`);
  const url = webAddress(asText(repository.url, `${label} repository.url`));
  return {
    mcpName: text("mcpName"),
    license: text("license"),
    author: manifest.author === undefined ? ownerOf(url) : authorOf(manifest.author, label),
    node: asText(engines.node, `${label} engines.node`),
    repository: url,
    directory: asText(repository.directory, `${label} repository.directory`),
    runtimePackages: Object.keys(asObject(manifest.dependencies ?? {}, `${label} dependencies`)),
  };
}

/** Who owns the repository is the author, unless package.json names one. */
const ownerOf = (url: string) => new URL(url).pathname.split("/")[1] ?? "";

function authorOf(author: unknown, label: string): string {
  if (typeof author === "string") return author.replace(/\s*[<(].*$/, "");
  return asText(asObject(author, `${label} author`).name, `${label} author.name`);
}
