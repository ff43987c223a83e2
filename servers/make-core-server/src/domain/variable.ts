import { ToolError } from "#shared/core/errors.ts";
import { findSecret } from "#shared/make-api/secrets.ts";

/** Make's numbers for types. */
export const TYPE_IDS = { number: 1, string: 2, boolean: 3, date: 4 } as const;
export type VariableType = keyof typeof TYPE_IDS;
export const TYPES = Object.keys(TYPE_IDS) as [VariableType, ...VariableType[]];

const typeName = (typeId: unknown): string | null =>
  Object.entries(TYPE_IDS).find(([, id]) => id === typeId)?.[0] ?? null;

interface Variable {
  name: string;
  typeId?: number | null | undefined;
  value: unknown;
  isSystem?: boolean | null | undefined;
}

/** A value that looks like a secret is masked: everybody in the organisation can read variables, not everybody this answer. */
export const maskValue = (name: string, value: unknown): unknown =>
  typeof value === "string" ? (findSecret(name, value)?.masked ?? value) : value;

export const showVariable = ({ name, typeId, value, isSystem }: Variable, reveal: boolean) => ({
  name,
  type: typeName(typeId),
  value: reveal ? value : maskValue(name, value),
  system: isSystem ?? false,
});

/** The value in its type. Make does not check it on changes, so that it is checked here: VALIDATION_ERROR. */
export function typedValue(type: VariableType, value: string | number | boolean): unknown {
  const wrong = (what: string) =>
    new ToolError("VALIDATION_ERROR", `${JSON.stringify(value)} is no ${what}.`, {
      details: { type },
    });
  switch (type) {
    case "number": {
      const number = typeof value === "string" && value.trim() !== "" ? Number(value) : value;
      if (typeof number === "number" && Number.isFinite(number)) return number;
      throw wrong("number");
    }
    case "boolean":
      if (value === true || value === "true") return true;
      if (value === false || value === "false") return false;
      throw wrong("boolean: true or false");
    case "date":
      if (
        typeof value === "string" &&
        /^\d{4}-\d\d-\d\d/.test(value) &&
        !Number.isNaN(Date.parse(value))
      )
        return new Date(value).toISOString();
      throw wrong("date: give ISO 8601");
    default:
      return String(value);
  }
}
