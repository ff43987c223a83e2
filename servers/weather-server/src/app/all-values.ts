/// <reference lib="dom" />
import { byId, make } from "./elements.ts";
import { inLine, itemsAt, type Table, timeName } from "./table.ts";

/** The same as a table, for whoever reads it better: made once it is opened. */
export function showAll(table: Table): void {
  if (!byId("all").matches("[open]")) return;
  const names = itemsAt(table, 0).map(({ name }) => name);
  const head = make("tr", ...["Time", ...names].map((name) => make("th", name)));
  for (const cell of head.children) cell.setAttribute("scope", "col");
  const rows = table.times.map((_, row) => {
    const time = make("th", timeName(table, row));
    time.scope = "row";
    return make("tr", time, ...itemsAt(table, row).map((item) => make("td", inLine(item))));
  });
  const box = byId("table");
  // what scrolls must be reached by keys
  box.tabIndex = 0;
  box.replaceChildren(make("table", make("thead", head), make("tbody", ...rows)));
}
