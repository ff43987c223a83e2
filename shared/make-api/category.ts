/** How much of a category Make itself has. */
export const GRADES = {
  real: "Make's API",
  computed: "computed from Make's data",
  substituted: "Make has a part of it; the rest is a substitute",
  local: "Make has no API for it; rules and files of this server",
} as const;

export interface Category {
  /** For the list of toolsets. */
  describe: string;
  grade: keyof typeof GRADES;
  /** What is here in place of what Make does not have, or how it is computed. */
  instead?: string;
  /** What Make has no API for, and is not here. */
  missing?: string;
  /** On unless TOOLSETS says otherwise. */
  default?: boolean;
}

export type Categories = Readonly<Record<string, Category>>;

/** The toolsets of a server: one a category. */
export const toolsetsOf = (
  categories: Categories,
): Record<string, { describe: string; default: boolean }> =>
  Object.fromEntries(
    Object.entries(categories).map(([name, { describe, default: isDefault }]) => [
      name,
      { describe, default: isDefault === true },
    ]),
  );
