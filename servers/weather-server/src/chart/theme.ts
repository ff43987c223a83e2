export const THEMES = ["light", "dark", "auto"] as const;
export type Theme = (typeof THEMES)[number];

interface Palette {
  ground: string;
  ink: string;
  faint: string;
  grid: string;
  warm: string;
  warmFill: string;
  rain: string;
  wind: string;
  gap: string;
}

/** Ink and lines have a contrast of at least 4.5 and 3 to their ground (WCAG 2.2, 1.4.3 and 1.4.11). */
export const PALETTES: Readonly<Record<"light" | "dark", Palette>> = {
  light: {
    ground: "#ffffff",
    ink: "#1f2328",
    faint: "#59636e",
    grid: "#d1d9e0",
    warm: "#c4432b",
    warmFill: "#f2b8a8",
    rain: "#1f6feb",
    wind: "#1a7f5a",
    gap: "#eff2f5",
  },
  dark: {
    ground: "#14181d",
    ink: "#e6edf3",
    faint: "#9da7b1",
    grid: "#39424c",
    warm: "#ff8f73",
    warmFill: "#7a3b2e",
    rain: "#6cb0ff",
    wind: "#56d4a0",
    gap: "#22282f",
  },
};

const rules = (colors: Palette): string =>
  [
    `.ground{fill:${colors.ground}}`,
    `text{fill:${colors.ink};font-family:"DejaVu Sans",system-ui,sans-serif}`,
    `.faint{fill:${colors.faint}}`,
    `.grid{stroke:${colors.grid};stroke-width:1;fill:none}`,
    `.zero{stroke:${colors.faint};stroke-width:1;stroke-dasharray:4 3;fill:none}`,
    `.gap{fill:${colors.gap}}`,
    `.warm{stroke:${colors.warm};stroke-width:2;fill:none;stroke-linejoin:round}`,
    `.warm-band{fill:${colors.warmFill};stroke:${colors.warm};stroke-width:1.5;stroke-linejoin:round}`,
    `.warm-dot{fill:${colors.warm}}`,
    `.rain{fill:${colors.rain}}`,
    `.wind{stroke:${colors.wind};stroke-width:2;fill:none;stroke-linejoin:round}`,
    `.wind-dot{fill:${colors.wind}}`,
  ].join("");

/** "auto" follows the reader's setting; renderers that know no media query see it light. */
export const stylesheet = (theme: Theme): string =>
  theme === "auto"
    ? `${rules(PALETTES.light)}@media (prefers-color-scheme:dark){${rules(PALETTES.dark)}}`
    : rules(PALETTES[theme]);
