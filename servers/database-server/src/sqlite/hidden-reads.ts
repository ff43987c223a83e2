import type { Column } from "../engine/types.ts";
import { hiddenUse, isHidden, type MaskRules } from "../masking/rules.ts";
import type { Action } from "./authorizer.ts";

const READ = 20;

/**
 * Counts how often a statement reads hidden columns of tables, as SQLite tells while it prepares it.
 * Each read has to be a column of the result, masked; one more is a condition or an expression.
 */
export function createReads(rules: MaskRules | undefined) {
  let reads: string[] = [];
  let views = new Set<string>();
  return {
    begin(names: readonly string[]): void {
      reads = [];
      views = new Set(names);
    },
    note({ code, first, second }: Action): void {
      // a column of a view is read once more, as that of its table
      if (code !== READ || rules === undefined || views.has(first ?? "")) return;
      if (rules.hides(first ?? "", second ?? "")) reads.push(second ?? "");
    },
    check(columns: readonly Column[]): void {
      if (rules === undefined) return;
      const shown = columns.filter(
        (column) => column.origin !== undefined && isHidden(rules, column),
      );
      const [first] = reads;
      if (first !== undefined && reads.length !== shown.length) throw hiddenUse(first);
    },
  };
}
