// Copied from shared/core/parse.ts by "pnpm shared:copy": edit it there, or keep a local change with "pnpm shared:detach".
import type * as z from "zod";

const used = new WeakSet<z.ZodType>();

/**
 * `schema.safeParse`, at the first use of a schema without the parser that zod compiles for it:
 * compiling takes longer than many uses of it save, and who calls a tool first waits.
 */
export function parse<S extends z.ZodType>(
  schema: S,
  value: unknown,
): z.ZodSafeParseResult<z.output<S>> {
  if (used.has(schema)) return schema.safeParse(value);
  used.add(schema);
  return schema.safeParse(value, { jitless: true });
}
