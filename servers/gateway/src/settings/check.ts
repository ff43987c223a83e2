import type * as z from "zod";

export type Checked<T> = { data: T; faults?: never } | { data?: never; faults: string[] };

/** Checks a value; every fault has its path. */
export function check<S extends z.ZodObject>(
  schema: S,
  value: unknown,
  path: string,
): Checked<z.output<S>> {
  const parsed = schema.safeParse(value);
  if (parsed.success) return { data: parsed.data };
  const at = (keys: readonly PropertyKey[]) =>
    [path, ...keys.map(String)].filter((part) => part !== "").join(".") || "the file";
  const faults = parsed.error.issues.flatMap((issue) => {
    if (issue.code !== "unrecognized_keys") return [`${at(issue.path)}: ${reason(issue)}`];
    const known = issue.path.length === 0 ? `; there are ${knownKeys(schema)}` : "";
    return issue.keys.map((key) => `${at([...issue.path, key])}: is not known here${known}`);
  });
  return { faults };
}

const knownKeys = (schema: z.ZodObject) => Object.keys(schema.shape).join(", ");

/** A bad key of a record carries its reason inside. */
function reason(issue: z.core.$ZodIssue): string {
  if (issue.code === "invalid_key") return issue.issues.map(({ message }) => message).join("; ");
  return issue.message;
}
