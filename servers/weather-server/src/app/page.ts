/// <reference lib="dom" />
import { parted } from "../chart/draw.ts";
import { PALETTES, stylesheet } from "../chart/theme.ts";
import { showAll } from "./all-values.ts";
import { connect, type Host, type HostContext, type ToolResult } from "./bridge.ts";
import { makeChart } from "./chart.ts";
import { byId, make } from "./elements.ts";
import { type Failure, failureOf } from "./failure.ts";
import { isTable, itemsAt, type Table, timeName } from "./table.ts";

/** How the forecast that is shown was asked for. */
let asked: Record<string, unknown> = {};
let table: Table | undefined;
let host: Host | undefined;
/** Only the newest question is shown, whichever answer comes last. */
let question = 0;

const sheet = new CSSStyleSheet();
document.adoptedStyleSheets = [sheet];
const dark = window.matchMedia("(prefers-color-scheme: dark)");
let hostTheme: string | undefined;

/** The host's theme, or the reader's own where the host has none. */
function applyTheme(): void {
  const theme = (hostTheme ?? (dark.matches ? "dark" : "light")) === "dark" ? "dark" : "light";
  const colors = Object.entries(PALETTES[theme]).map(([name, color]) => `--${name}:${color};`);
  sheet.replaceSync(`:root{color-scheme:${theme};${colors.join("")}}${stylesheet(theme)}`);
}

const chart = makeChart(byId("chart"), (row) => {
  if (!table) return;
  byId("time").textContent = timeName(table, row);
  const items = itemsAt(table, row).map(({ name, value, spread }) => {
    const detail = make("dd", value);
    if (spread !== "") detail.append(make("small", spread));
    return make("div", make("dt", name), detail);
  });
  byId("values").replaceChildren(...items);
});

function show(given: Table): void {
  table = given;
  const [name, where] = parted(given.place);
  byId("place").textContent = name;
  byId("where").textContent = where;
  byId("notes").replaceChildren(...given.notes.map((note) => make("li", note)));
  byId("source").textContent = given.source;
  byId("shown").hidden = false;
  chart.show(given);
  showAll(given);
}

/** Why there is no forecast; an ambiguous place can be chosen here. */
function showFailure({ message, candidates }: Failure): void {
  byId("error").textContent = message;
  const choices = candidates.map(({ place, name }) => {
    const button = make("button", name);
    button.addEventListener("click", () => void ask({ place }));
    return make("li", button);
  });
  byId("choices").replaceChildren(...(host?.canCall ? choices : []));
}

function receive(result: ToolResult): void {
  byId("status").textContent = "";
  const failure = failureOf(result);
  showFailure(failure ?? { message: "", candidates: [] });
  if (failure || !isTable(result.structuredContent)) return;
  // an ambiguous name was cleared up once, and need not be again
  if (typeof result._meta?.place === "string") asked = { ...asked, place: result._meta.place };
  show(result.structuredContent);
}

/** Days that each step is asked for: as many as at first, where the caller said. */
const days = { day: 7, hour: 3 };

/** What each button asks for, and whether it stands for what is shown. */
const BUTTONS: Readonly<Record<string, { change(): object; isOn(): boolean }>> = {
  days: {
    change: () => ({ step: "day", days: days.day, variables: undefined }),
    isOn: () => (asked.step ?? "day") === "day",
  },
  hours: {
    change: () => ({ step: "hour", days: days.hour, variables: undefined }),
    isOn: () => asked.step === "hour",
  },
  metric: { change: () => ({ units: "metric" }), isOn: () => !isImperial() },
  imperial: { change: () => ({ units: "imperial" }), isOn: () => isImperial() },
  models: {
    change: () => ({ confidence: isUnsure() ? "none" : "models" }),
    isOn: () => isUnsure(),
  },
};
const isUnsure = () => (asked.confidence ?? "none") !== "none";
const isImperial = () =>
  asked.units === undefined
    ? (table?.series.some(({ unit }) => unit === "°F" || unit === "mph") ?? false)
    : asked.units === "imperial";

function showButtons(): void {
  byId("controls").hidden = !(host?.canCall && table);
  for (const button of document.querySelectorAll<HTMLElement>("button[name]"))
    button.setAttribute("aria-pressed", String(BUTTONS[button.getAttribute("name") ?? ""]?.isOn()));
}

async function ask(change: object): Promise<void> {
  if (!host) return;
  question += 1;
  const mine = question;
  const wanted = { ...asked, ...change, chart: false };
  byId("status").textContent = "Loading…";
  byId("shown").setAttribute("aria-busy", "true");
  const result = await host.call("forecast", wanted);
  if (mine !== question) return;
  byId("shown").removeAttribute("aria-busy");
  if (!result.isError) asked = wanted;
  receive(result);
  showButtons();
}

for (const button of document.querySelectorAll<HTMLElement>("button[name]")) {
  const { change } = BUTTONS[button.getAttribute("name") ?? ""] ?? {};
  if (change) button.addEventListener("click", () => void ask(change()));
}
byId("all").addEventListener("toggle", () => table && showAll(table));
new ResizeObserver(() => chart.resize()).observe(byId("chart"));
dark.addEventListener("change", applyTheme);
applyTheme();

host = await connect({
  input(given) {
    asked = given;
    const step = given.step === "hour" ? "hour" : "day";
    if (typeof given.days === "number") days[step] = given.days;
  },
  result(result) {
    receive(result);
    showButtons();
  },
  cancelled: () => receive({ isError: true, content: [{ text: "The forecast was cancelled." }] }),
  context({ theme }: HostContext) {
    hostTheme = theme ?? hostTheme;
    applyTheme();
  },
});
showButtons();
