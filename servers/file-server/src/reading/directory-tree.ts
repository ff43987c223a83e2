import { TreeDrawing } from "../listing/tree.ts";
import type { Sandbox } from "../sandbox/sandbox.ts";
import type { Job } from "./job.ts";

interface Input {
  path: string;
  depth: number;
  max_entries: number;
  include_hidden?: boolean | undefined;
}

export function directoryTree(
  sandbox: Sandbox,
  { path, depth, max_entries: maxEntries, include_hidden: includeHidden = false }: Input,
  { signal }: Job,
) {
  return sandbox.withDirectory(path, async ({ path: shown, node, deny }) => {
    const drawing = new TreeDrawing({ depth, maxEntries, includeHidden, signal });
    await drawing.draw(node, deny);
    const { lines, entries, isCut } = drawing;
    return { path: shown, tree: lines.join("\n"), entries, truncated: isCut };
  });
}
