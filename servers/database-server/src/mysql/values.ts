import { blobCell, type Cell, numberCell, textCell } from "../engine/cells.ts";

/** Types of the protocol, by number: https://dev.mysql.com/doc/dev/mysql-server/latest/field__types_8h.html */
const TYPES: Readonly<Record<number, string>> = {
  0: "decimal",
  1: "tinyint",
  2: "smallint",
  3: "int",
  4: "float",
  5: "double",
  6: "null",
  7: "timestamp",
  8: "bigint",
  9: "mediumint",
  10: "date",
  11: "time",
  12: "datetime",
  13: "year",
  15: "varchar",
  16: "bit",
  245: "json",
  246: "decimal",
  247: "enum",
  248: "set",
  249: "tinyblob",
  250: "mediumblob",
  251: "longblob",
  252: "blob",
  253: "varchar",
  254: "char",
  255: "geometry",
};

/** Character set of bytes that are no text. */
const BINARY = 63;

export function typeName(type: number, characterSet: number): string {
  const name = TYPES[type] ?? "unknown";
  return name.endsWith("blob") && characterSet !== BINARY ? name.replace("blob", "text") : name;
}

export function toCell(value: unknown): Cell {
  if (value === null || value === undefined) return null;
  if (typeof value === "string") return textCell(value);
  if (typeof value === "number" || typeof value === "bigint") return numberCell(value);
  if (typeof value === "boolean") return value;
  if (value instanceof Uint8Array) return blobCell(value);
  return textCell(value instanceof Date ? value.toISOString() : JSON.stringify(value));
}
