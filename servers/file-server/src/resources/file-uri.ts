import { refuse } from "../sandbox/refuse.ts";

const onWindows = process.platform === "win32";

/** The absolute path that stands behind `file:///` in a URI, decoded once; a host is never taken. */
export function pathOfUri(path: string): string {
  const isDrive = onWindows && /^[A-Za-z]:/.test(path);
  return isDrive ? path : `/${path}`;
}

/** The path of a whole URI that a client subscribes to. */
export function pathOfWholeUri(uri: string): string {
  const path = /^file:\/\/\/(.+)$/s.exec(uri)?.[1];
  if (path === undefined) throw refuse("invalid_path", { path: uri });
  return pathOfUri(decodeURIComponent(path));
}
