import * as z from "zod";

/**
 * The schema of a result that lists, to clients, the fields that have a description: those that a
 * caller goes on with. The others say what they are by their names; all are checked. A list of
 * tools is part of every conversation, and this halves it.
 */
export function resultSchema<S extends z.ZodRawShape>(shape: S): z.ZodObject<S> {
  const described = Object.entries(shape).filter(([, field]) => isDescribed(field));
  const { properties } = z.toJSONSchema(z.object(Object.fromEntries(described)), { io: "output" });
  return z.object(shape).meta({ properties, required: undefined, additionalProperties: undefined });
}

const isDescribed = (field: unknown) =>
  field instanceof z.ZodType && field.description !== undefined;
