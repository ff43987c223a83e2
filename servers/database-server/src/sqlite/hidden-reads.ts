import type { Column } from "../engine/types.ts";
import { hiddenUse, isHidden, type MaskRules } from "../masking/rules.ts";
import type { Statement } from "../sql/window.ts";
import type { Action } from "./authorizer.ts";

const READ = 20;
/** Tables in which ANALYZE keeps values of columns. */
const STATISTICS = /^sqlite_stat[34]$/i;

/** Columns of every table and view. */
export const ALL_COLUMNS = `select m.name as name, m.type as type, c.name as "column"
  from sqlite_schema m, pragma_table_xinfo(m.name) c where m.type in ('table', 'view')`;

interface Known {
  name: unknown;
  type: unknown;
  column: unknown;
}

/**
 * Watches over hidden columns in two ways: where the statement names them, and, as SQLite tells
 * while it prepares it, what is read. Each read has to be a column of the result, masked.
 */
export function createReads(rules: MaskRules | undefined) {
  let reads: string[] = [];
  let views = new Set<string>();
  /** What is read through a view or by an expression with a name. */
  let behind: string | undefined;
  return {
    /** Before the statement is prepared. The hidden columns of the tables that it names. */
    begin(
      statement: Statement,
      known: () => readonly Record<string, unknown>[],
    ): ReadonlySet<string> {
      reads = [];
      behind = undefined;
      if (rules === undefined) return new Set();
      const all = known().map(({ name, type, column }: Partial<Known>) => ({
        name: String(name),
        isView: type === "view",
        column: String(column),
      }));
      views = new Set(all.filter(({ isView }) => isView).map(({ name }) => name));
      // 'users' is a name, too, where only a name can stand
      const names = new Set(statement.tokens.map(({ text }) => text.toLowerCase()));
      const hidden = all.filter(
        ({ name, column }) => names.has(name.toLowerCase()) && rules.hides(name, column),
      );
      return new Set(hidden.map(({ column }) => column.toLowerCase()));
    },
    note({ code, first, second, context }: Action): void {
      if (code !== READ || rules === undefined) return;
      if (STATISTICS.test(first ?? "")) behind = first ?? "";
      // a column of a view is read once more, as that of its table
      if (views.has(first ?? "") || !rules.hides(first ?? "", second ?? "")) return;
      reads.push(second ?? "");
      if (context) behind ??= `${first}.${second}, read by ${context},`;
    },
    /** After it: how often hidden columns are read, and how many of the result are. */
    check(columns: readonly Column[]): void {
      if (rules === undefined) return;
      if (behind !== undefined) throw hiddenUse(behind);
      const shown = columns.filter(
        (column) => column.origin !== undefined && isHidden(rules, column),
      );
      const [first] = reads;
      if (first !== undefined && reads.length !== shown.length) throw hiddenUse(first);
    },
    /** A change may set a hidden column, and read none: its value would go elsewhere. */
    checkChange(): void {
      const [first = behind] = reads;
      if (first !== undefined) throw hiddenUse(first);
    },
  };
}
