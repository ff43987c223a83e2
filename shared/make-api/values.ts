import * as z from "zod";

/**
 * Values as Make sends them: counters as strings ("23050"), days of usage as DD-MM-YYYY, fields that
 * come and go. What is not of these forms is refused, so that no figure is made of it.
 */

const DIGITS = /^-?\d+(\.\d+)?$/;
/** Past it two counters that differ are the same number. */
const isExact = (value: number): boolean => Math.abs(value) <= Number.MAX_SAFE_INTEGER;

/** A number, or its digits as a string. */
export const count = () =>
  z
    .union([z.number(), z.string().regex(DIGITS, "expected a number").transform(Number)])
    .refine(isExact, "expected a number that a computer holds exactly");

/** An id: a whole number over 0, or its digits. */
export const id = () =>
  count().refine((value) => Number.isInteger(value) && value > 0, "expected an id");

/** A moment as ISO 8601, kept as Make wrote it. */
export const moment = () =>
  z
    .string()
    .refine(
      (text) => /^\d{4}-\d\d-\d\d/.test(text) && !Number.isNaN(Date.parse(text)),
      "expected a date",
    );

const DAY_FORMS = [
  { form: /^(\d{2})-(\d{2})-(\d{4})$/, order: [3, 2, 1] },
  { form: /^(\d{4})-(\d{2})-(\d{2})(?:T.*)?$/, order: [1, 2, 3] },
] as const;

/** A day as YYYY-MM-DD from DD-MM-YYYY (what Make sends) or ISO 8601; undefined for what is no day. */
export function readDay(text: string): string | undefined {
  for (const { form, order } of DAY_FORMS) {
    const match = form.exec(text);
    if (!match) continue;
    const [year, month, day] = order.map((part) => match[part] ?? "");
    const iso = `${year}-${month}-${day}`;
    const parsed = new Date(`${iso}T00:00:00Z`);
    return !Number.isNaN(parsed.getTime()) && parsed.toISOString().startsWith(iso)
      ? iso
      : undefined;
  }
  return undefined;
}

/** A day in either form, as YYYY-MM-DD. */
export const day = () =>
  z.string().transform((text, context) => {
    const read = readDay(text);
    if (read !== undefined) return read;
    context.addIssue({ code: "custom", message: "expected a day, as DD-MM-YYYY or YYYY-MM-DD" });
    return z.NEVER;
  });
