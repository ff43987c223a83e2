/** `SCAN tracks` and `SCAN t` in SQLite's plan; a covering index is no scan of the table. */
const SQLITE_SCAN = /^SCAN (\S+)(?! USING)/;

/** Tables that a plan reads whole, by the names it calls them; aliases are followed. */
export function scannedTables(plan: unknown, sql: string): string[] {
  const found = new Set<string>();
  visit(plan, (node) => {
    if (node["Node Type"] === "Seq Scan") found.add(String(node["Relation Name"]));
    if (node.access_type === "ALL") found.add(String(node.table_name));
    const scan = typeof node.detail === "string" ? SQLITE_SCAN.exec(node.detail) : null;
    if (scan?.[1] !== undefined && !/ USING /.test(String(node.detail))) found.add(scan[1]);
  });
  return [...new Set([...found].map((name) => tableOf(name, sql)))];
}

function visit(value: unknown, each: (node: Record<string, unknown>) => void): void {
  if (Array.isArray(value)) for (const item of value) visit(item, each);
  else if (typeof value === "object" && value !== null) {
    each({ ...value });
    for (const child of Object.values(value)) visit(child, each);
  }
}

/** The table that goes by an alias: `tracks t` or `tracks AS t` after FROM or JOIN. */
function tableOf(name: string, sql: string): string {
  const tables = /\b(?:from|join)\s+["`]?([\w.]+)["`]?\s+(?:as\s+)?["`]?(\w+)["`]?/gi;
  for (const [, table = "", alias = ""] of sql.matchAll(tables))
    if (alias.toLowerCase() === name.toLowerCase()) return table.split(".").at(-1) ?? table;
  return name;
}
