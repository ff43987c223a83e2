import type { Row } from "#shared/make-api/endpoints.ts";

type Folder = Row<"GET /scenarios-folders">;

interface Node extends Record<string, unknown> {
  id: number;
  name: string;
  scenarios: number | null;
  folders?: Node[];
  /** Sub-folders below the depth that is shown. */
  hidden?: number;
}

/**
 * Folders in their folders, by name; at most `depth` levels. A folder whose parent is not among them,
 * or that stands in itself by way of others, is shown at the top, so that none is lost.
 */
export function folderTree(folders: readonly Folder[], depth: number): Node[] {
  const known = new Map(folders.map((folder) => [folder.id, folder]));
  const children = new Map<number | null, Folder[]>();
  for (const folder of folders) {
    const parent = isRooted(folder, known) ? (folder.parentId ?? null) : null;
    children.set(parent, [...(children.get(parent) ?? []), folder]);
  }
  const build = (parent: number | null, level: number): Node[] =>
    (children.get(parent) ?? []).sort(byName).map(({ id, name, scenariosTotal }) => {
      const inner = children.get(id)?.length ?? 0;
      return {
        id,
        name,
        scenarios: scenariosTotal ?? null,
        ...(inner > 0 && (level < depth ? { folders: build(id, level + 1) } : { hidden: inner })),
      };
    });
  return build(null, 1);
}

const byName = (a: Folder, b: Folder): number =>
  a.name < b.name ? -1 : a.name > b.name ? 1 : a.id - b.id;

/** Whether the way up from a folder ends at the top. */
function isRooted(folder: Folder, known: ReadonlyMap<number, Folder>): boolean {
  const seen = new Set<number>();
  for (let each: Folder | undefined = folder; each; ) {
    if (seen.has(each.id)) return false;
    seen.add(each.id);
    if (each.parentId == null) return true;
    each = known.get(each.parentId);
  }
  return false;
}
