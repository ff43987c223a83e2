export const THEMES = ["light", "dark", "auto"] as const;
export type Theme = (typeof THEMES)[number];

interface Palette {
  ground: string;
  ink: string;
  faint: string;
  grid: string;
  gap: string;
  night: string;
  spread: string;
  rain: string;
  wind: string;
  sun: string;
  cloud: string;
  freezing: string;
  cool: string;
  fresh: string;
  mild: string;
  warm: string;
  hot: string;
}

/** Ink and lines have a contrast of at least 4.5 and 3 to their ground (WCAG 2.2, 1.4.3 and 1.4.11). */
export const PALETTES: Readonly<Record<"light" | "dark", Palette>> = {
  light: {
    ground: "#ffffff",
    ink: "#1f2328",
    faint: "#59636e",
    grid: "#e4e9ee",
    gap: "#f3f5f8",
    night: "#eef2f8",
    spread: "#dde3ea",
    rain: "#2f7bea",
    wind: "#1a7f5a",
    sun: "#c98a00",
    cloud: "#77828e",
    freezing: "#6a4fd0",
    cool: "#2673dd",
    fresh: "#0c878c",
    mild: "#3f8f3f",
    warm: "#b87800",
    hot: "#cf3f2e",
  },
  dark: {
    ground: "#14181d",
    ink: "#e6edf3",
    faint: "#9da7b1",
    grid: "#2b323a",
    gap: "#1d2228",
    night: "#0c0f13",
    spread: "#39424c",
    rain: "#6cb0ff",
    wind: "#56d4a0",
    sun: "#f5c244",
    cloud: "#a4afba",
    freezing: "#b3a1ff",
    cool: "#74b0ff",
    fresh: "#4fd0d0",
    mild: "#86d36b",
    warm: "#ffc24d",
    hot: "#ff8a78",
  },
};

/** Temperatures that the colours stand for, °C; between them they blend. */
export const TEMPERATURE_COLORS = [
  ["hot", 30],
  ["warm", 22],
  ["mild", 15],
  ["fresh", 8],
  ["cool", 0],
  ["freezing", -15],
] as const satisfies readonly (readonly [keyof Palette, number])[];

const strokes = "fill:none;stroke-width:2;stroke-linejoin:round;stroke-linecap:round";

const rules = (colors: Palette): string =>
  [
    `.ground{fill:${colors.ground}}`,
    `text{fill:${colors.ink};font-family:"DejaVu Sans",system-ui,sans-serif}`,
    `.faint{fill:${colors.faint}}`,
    `.halo{paint-order:stroke;stroke:${colors.ground};stroke-width:3;stroke-linejoin:round}`,
    `.grid{stroke:${colors.grid};stroke-width:1;fill:none}`,
    `.zero{stroke:${colors.faint};stroke-width:1;stroke-dasharray:2 4;fill:none}`,
    `.gap{fill:${colors.gap}}`,
    `.night{fill:${colors.night}}`,
    `.spread{fill:${colors.spread}}`,
    ...TEMPERATURE_COLORS.map(([name]) => `.${name}{stop-color:${colors[name]}}`),
    `.warmth{stroke:url(#warmth);${strokes}}`,
    ".warmth-fill,.warmth-dot{fill:url(#warmth)}",
    `.rain{fill:${colors.rain}}`,
    `.wind{stroke:${colors.wind};${strokes}}`,
    `.wind-dot,.arrow{fill:${colors.wind}}`,
    `.sun{fill:${colors.sun};stroke:${colors.sun}}`,
    `.cloud{fill:${colors.cloud};stroke:${colors.ground}}`,
    `.drop{fill:none;stroke:${colors.rain}}`,
    `.bolt{fill:${colors.sun};stroke:none}`,
  ].join("");

/** "auto" follows the reader's setting; renderers that know no media query see it light. */
export const stylesheet = (theme: Theme): string =>
  theme === "auto"
    ? `${rules(PALETTES.light)}@media (prefers-color-scheme:dark){${rules(PALETTES.dark)}}`
    : rules(PALETTES[theme]);
