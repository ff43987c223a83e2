import type { Cost } from "./cost.ts";
import { sum } from "./cost.ts";
import type { Planned, PlannedGroup } from "./plan.ts";
import { replicasOf } from "./shipment.ts";
import type { Step } from "./target.ts";

/** A plan as a person reads it: for each group what goes where, on what, at what cost. */
export function showPlan(
  groups: readonly PlannedGroup[],
  currency: string,
  stepsOf?: (planned: Planned) => readonly Step[],
): string[] {
  return groups.flatMap(({ title, price, planned }) => {
    const priced = price === undefined ? "" : `, ${price} ${currency} a month`;
    const rows = table([HEAD, ...planned.map((one) => rowOf(one, currency))]);
    const lines = planned.flatMap((one, index) => [
      rows[index + 1] ?? "",
      ...(one.refused ? [`    ${one.refused}`] : []),
      ...(stepsOf?.(one) ?? []).map((step) => `    $ ${[step.command, ...step.args].join(" ")}`),
    ]);
    const total = sum(planned.map(({ cost }) => cost));
    const host = total && planned.length > 0 ? `, at the host ${range(total, currency)}` : "";
    return [`${title}${priced}`, rows[0] ?? "", ...lines, `${planned.length} servers${host}`, ""];
  });
}

const HEAD = ["INSTANCE", "TARGET", "COPIES", "CPU", "MEMORY", "AT THE HOST A MONTH", "STATE"];

function rowOf(planned: Planned, currency: string): string[] {
  const { shipment, target, cost } = planned;
  const { cpu, memoryMiB } = shipment.resources;
  const { min, max } = replicasOf(shipment);
  return [
    shipment.instance,
    target.name,
    min === max ? String(min) : `${min}-${max}`,
    String(cpu),
    `${memoryMiB} MiB`,
    cost ? range(cost, currency) : "not known",
    stateOf(planned),
  ];
}

function stateOf({ refused, current }: Planned): string {
  if (refused) return "refused";
  return current ? "current" : "changed";
}

const range = ({ min, max }: Cost, currency: string) =>
  `${min.toFixed(2)} to ${max.toFixed(2)} ${currency}`;

/** Columns as wide as what is in them. */
function table(rows: readonly string[][]): string[] {
  const widths = HEAD.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows.map((row) =>
    `  ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join("  ")}`.trimEnd(),
  );
}
