import { listPage, type Sort } from "../listing/list-page.ts";
import type { Sandbox } from "../sandbox/sandbox.ts";
import type { Job } from "./job.ts";

interface Input {
  path: string;
  sort: Sort;
  limit: number;
  cursor?: string | undefined;
  include_hidden?: boolean | undefined;
  details: boolean;
}

export function listDirectory(
  sandbox: Sandbox,
  { path, include_hidden: includeHidden = false, ...input }: Input,
  { signal }: Job,
) {
  return sandbox.withDirectory(path, async (directory) => {
    const options = { ...input, includeHidden, signal };
    const { isCut, nextCursor, ...page } = await listPage(directory, options);
    return {
      path: directory.path,
      ...page,
      truncated: isCut,
      ...(nextCursor !== undefined && { next_cursor: nextCursor }),
    };
  });
}
