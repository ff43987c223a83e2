import { SharedError } from "../copy/errors.ts";

/** A rule and whether it holds. */
export type Rule = readonly [rule: string, holds: boolean];

/** Throws one error that names every broken rule. */
export function requireRules(file: string, rules: readonly Rule[]): void {
  const broken = rules.filter(([, holds]) => !holds).map(([rule]) => rule);
  if (broken.length > 0) throw new SharedError(`${file}: ${broken.join("; ")}`);
}

export const hasLength = (text: string, min: number, max: number): boolean =>
  text.length >= min && text.length <= max;

/** Semantic versioning 2.0.0, without the build part that npm drops. */
export const isVersion = (text: string): boolean => /^\d+\.\d+\.\d+(-[0-9A-Za-z.-]+)?$/.test(text);
