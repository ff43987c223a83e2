import * as nodeModule from "node:module";

/** The query that marks a module, and all that it imports of its own package, as imported anew. */
export const FRESH = "fresh";

interface Resolved {
  url: string;
}
type Resolve = (
  specifier: string,
  context: { parentURL?: string | undefined },
  next: (specifier: string, context: object) => Resolved,
) => Resolved;

/** A file that a marked module imports gets the same mark. Packages do not: they are the same for all. */
const mark = (parent: string | undefined, url: string, query: string): string => {
  const at = parent?.lastIndexOf(`?${query}=`) ?? -1;
  if (parent === undefined || at === -1) return url;
  const own = url.startsWith("file:") && !url.includes("?") && !url.includes("/node_modules/");
  return own ? url + parent.slice(at) : url;
};

/** The same for Node 20, where hooks live in a thread of their own and come as source. */
const HOOK_SOURCE = `
const mark = ${mark.toString()};
export async function resolve(specifier, context, next) {
  const found = await next(specifier, context);
  return { ...found, url: mark(context.parentURL, found.url, ${JSON.stringify(FRESH)}) };
}`;

let installed = false;

/** Makes the mark spread. Done when a first server has to be imported anew, because all imports pay for a hook. */
export function freshenImports(): void {
  if (installed) return;
  installed = true;
  const resolve: Resolve = (specifier, context, next) => {
    const found = next(specifier, context);
    return { ...found, url: mark(context.parentURL, found.url, FRESH) };
  };
  // since Node 22.15; not in the types of the oldest Node that is supported
  const { registerHooks } = nodeModule as { registerHooks?: (hooks: { resolve: Resolve }) => void };
  if (registerHooks) registerHooks({ resolve });
  else nodeModule.register(`data:text/javascript,${encodeURIComponent(HOOK_SOURCE)}`);
}
