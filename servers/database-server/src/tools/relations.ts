import * as z from "zod";
import type { ForeignKey } from "../catalog/types.ts";
import { connection, defineDatabaseTool, reading, told } from "./define.ts";

const MAX_TABLES = 100;
/** Foreign keys that one graph shows. */
export const MAX_EDGES = 500;

export const relations = defineDatabaseTool({
  name: "relations",
  title: "Map relations",
  description: "Foreign keys as a list and as a mermaid diagram.",
  inputSchema: z.strictObject({
    connection,
    tables: z
      .array(z.string().max(256))
      .max(MAX_TABLES)
      .default([])
      .describe("Only those from or to these"),
  }),
  outputSchema: told,
  annotations: reading,
  async handler({ tables, ...input }, context) {
    const { catalog } = (await context.services.get("databases")).get(input.connection);
    const wanted = new Set(tables.map((table) => table.toLowerCase()));
    const isWanted = (table: string) => wanted.has(table.toLowerCase());
    const all = await catalog.foreignKeys(context.signal);
    const keys =
      wanted.size === 0 ? all : all.filter((key) => isWanted(key.table) || isWanted(key.to_table));
    const shown = keys.slice(0, MAX_EDGES);
    return {
      relations: shown,
      mermaid: ["erDiagram", ...shown.map(edge)].join("\n"),
      ...(keys.length > shown.length && { omitted: keys.length - shown.length }),
    };
  },
});

const edge = ({ table, columns, to_table: target }: ForeignKey) =>
  `  ${word(target)} ||--o{ ${word(table)} : ${word(columns.join(", "))}`;

/** Mermaid takes any text in quotes but the quotes themselves. */
const word = (text: string) => `"${text.replaceAll('"', "'").replaceAll(/[\r\n]/g, " ")}"`;
