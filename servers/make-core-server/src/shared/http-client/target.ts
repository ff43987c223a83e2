// Copied from shared/http-client/target.ts by "pnpm shared:copy": edit it there, or keep a local change with "pnpm shared:detach".
import { ToolError } from "#shared/core/errors.ts";
import type { RequestOptions } from "./options.ts";

const ABSOLUTE = /^[a-z][a-z0-9+.-]*:/i;

function parse(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || (url.protocol !== "http:" && url.protocol !== "https:")) {
    throw new ToolError(
      "VALIDATION_ERROR",
      "The address of the request is no http or https URL. Check it.",
    );
  }
  if (url.username !== "" || url.password !== "") {
    throw new ToolError(
      "CONFIG_ERROR",
      `The address of ${url.host} holds a user name or password. Take it out and send an authorization header.`,
    );
  }
  return url;
}

/** Joined as text: resolving would let a path replace the base's own, or even its host ("//other"). */
function below(base: URL, path: string): URL {
  const root = `${base.origin}${base.pathname.replace(/\/+$/, "")}`;
  const url = parse(path.startsWith("?") ? root + path : `${root}/${path.replace(/^\//, "")}`);
  const folder = new URL(root).pathname.replace(/\/+$/, "");
  if (
    url.origin !== base.origin ||
    (url.pathname !== folder && !url.pathname.startsWith(`${folder}/`))
  ) {
    throw new ToolError(
      "VALIDATION_ERROR",
      `The path leaves ${base.host}${base.pathname}. Encode its parts.`,
    );
  }
  return url;
}

/**
 * The URL of a request. An absolute target is taken as it is; a relative one lies below `baseUrl`,
 * and one that climbs out of it ("../") is refused with VALIDATION_ERROR. Fragments are dropped.
 */
export function resolveTarget(
  target: string | URL,
  baseUrl: string | URL | undefined,
  query: RequestOptions["query"],
): URL {
  const text = String(target);
  const absolute = baseUrl === undefined || ABSOLUTE.test(text);
  const url = absolute ? parse(text) : below(parse(String(baseUrl)), text);
  for (const [name, value] of Object.entries(query ?? {})) {
    if (value === null || value === undefined) continue;
    for (const item of Array.isArray(value) ? value : [value])
      url.searchParams.append(name, String(item));
  }
  url.hash = "";
  return url;
}
