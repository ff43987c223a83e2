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
  const faults = parsed.error.issues.flatMap(meant).flatMap((issue) => {
    if (issue.code !== "unrecognized_keys") return [`${at(issue.path)}: ${reason(issue)}`];
    const known = issue.path.length === 0 ? `; there are ${knownKeys(schema)}` : "";
    return issue.keys.map((key) => `${at([...issue.path, key])}: is not known here${known}`);
  });
  return { faults };
}

const knownKeys = (schema: z.ZodObject) => Object.keys(schema.shape).join(", ");

/**
 * What is wrong where a value may be of several kinds, such as `false` or a rule: the faults of the one
 * kind that it is of. Paths in it are from the value.
 */
function meant(issue: z.core.$ZodIssue): z.core.$ZodIssue[] {
  if (issue.code !== "invalid_union") return [issue];
  const isOfAnother = ({ code, path }: z.core.$ZodIssue) =>
    path.length === 0 && (code === "invalid_type" || code === "invalid_value");
  const [kind, ...others] = issue.errors.filter((issues) => !issues.some(isOfAnother));
  if (!kind || others.length > 0) return [issue];
  return kind.map((one) => ({ ...one, path: [...issue.path, ...one.path] })).flatMap(meant);
}

/** A bad key of a record carries its reason inside. */
function reason(issue: z.core.$ZodIssue): string {
  if (issue.code === "invalid_key") return issue.issues.map(({ message }) => message).join("; ");
  return issue.message;
}
