import * as z from "zod";

export type Method = "GET" | "POST" | "PUT" | "PATCH" | "DELETE";

/** What the table says of one endpoint. */
export interface Endpoint<S extends z.ZodType = z.ZodType> {
  /** The field of the answer that holds what is asked for; null: the whole body, or a text. */
  envelope: string | null;
  schema: S;
  /** Scopes a token needs, all of them; as documented, which is not always how Make spells them. */
  scopes: readonly string[];
  /** Takes `pg[...]`; logs have a cursor of their own. Without it the answer is the whole list. */
  paging?: "offset" | "log";
  /** Make answers 406 IM004 unless the call carries `confirmed=true`. */
  confirmed?: true;
  /** The bodies are text, not JSON. */
  text?: true;
  /** What else it takes, in words for the user. */
  plan?: string;
  role?: string;
  /** Marked x-internal or beta by Make: may move. */
  unstable?: true;
}

type Traits = Partial<Omit<Endpoint, "envelope" | "schema" | "scopes">>;

const scopesOf = (scopes: string): string[] => scopes.split(" ").filter((scope) => scope !== "");

/** One thing in an envelope. `scopes` are words with spaces between. */
export const one = <S extends z.ZodType>(
  envelope: string | null,
  schema: S,
  scopes: string,
  traits: Traits = {},
): Endpoint<S> => ({ envelope, schema, scopes: scopesOf(scopes), ...traits });

/** A list in an envelope. Some examples of Make's print one thing where the schema says a list. */
export const many = <S extends z.ZodType>(
  envelope: string | null,
  item: S,
  scopes: string,
  traits: Traits = {},
): Endpoint<z.ZodPreprocess<z.ZodArray<S>>> => ({
  envelope,
  schema: z.preprocess(asList, z.array(item)),
  scopes: scopesOf(scopes),
  ...traits,
});

/** A list that comes in pages. */
export const paged = <S extends z.ZodType>(
  envelope: string,
  item: S,
  scopes: string,
  traits: Traits = {},
): Endpoint<z.ZodPreprocess<z.ZodArray<S>>> =>
  many(envelope, item, scopes, { paging: "offset", ...traits });

const asList = (value: unknown): unknown =>
  typeof value === "object" && value !== null && !Array.isArray(value) ? [value] : value;

/** An answer that nothing is read from. */
export const done = (scopes: string, traits: Traits = {}): Endpoint<z.ZodUnknown> =>
  one(null, z.unknown(), scopes, traits);
