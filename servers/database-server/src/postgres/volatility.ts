import { refuse } from "../engine/refusal.ts";
import type { Findings, Name } from "./findings.ts";
import { SAFE_VOLATILE, TRUSTED_LANGUAGES } from "./lists.ts";

/** What the catalogue says of the functions of one name. */
export interface FunctionFacts {
  name: string;
  schema: string;
  language: string;
  /** Whether one argument is enough to call it, as `value.name` does. */
  single: boolean;
  /** A type whose casts or checks call a volatile function. */
  isType?: boolean;
}

/** The volatile functions with these names, and the volatile operators, of this database. */
export interface Lookup {
  functions(names: readonly string[]): Promise<readonly FunctionFacts[]>;
  /** Operators whose function is volatile; an ordinary database has none. */
  operators(names: readonly string[]): Promise<readonly string[]>;
}

/** By themselves, or by what an aggregate, a cast or the check of a domain calls in turn. */
export const VOLATILE_FUNCTIONS = `
  select p.proname as name, n.nspname as schema, l.lanname as language,
    p.pronargs >= 1 and p.pronargs - p.pronargdefaults <= 1 as single, false as is_type
  from pg_catalog.pg_proc p
  join pg_catalog.pg_namespace n on n.oid = p.pronamespace
  join pg_catalog.pg_language l on l.oid = p.prolang
  where p.proname = any($1::text[]) and (p.provolatile = 'v' or p.prokind = 'a' and exists (
    select from pg_catalog.pg_aggregate a join pg_catalog.pg_proc f on f.oid in (a.aggtransfn,
      a.aggfinalfn, a.aggcombinefn, a.aggserialfn, a.aggdeserialfn, a.aggmtransfn,
      a.aggminvtransfn, a.aggmfinalfn)
    where a.aggfnoid = p.oid and f.provolatile = 'v'))
  union all
  select t.typname, n.nspname, 'type', true, true
  from pg_catalog.pg_type t join pg_catalog.pg_namespace n on n.oid = t.typnamespace
  where t.typname = any($1::text[]) and t.oid >= 16384 and (
    exists (select from pg_catalog.pg_proc f join pg_catalog.pg_language l on l.oid = f.prolang
      where f.provolatile = 'v' and l.lanname not in ('internal', 'c') and (
        f.oid in (t.typinput, t.typoutput) or f.oid in (select c.castfunc
          from pg_catalog.pg_cast c where t.oid in (c.castsource, c.casttarget))))
    or exists (select from pg_catalog.pg_constraint k,
        pg_catalog.regexp_matches(k.conbin::text, ':(?:func|opfunc)id ([0-9]+)', 'g') as m
        join pg_catalog.pg_proc f on f.oid = m[1]::oid
      where k.contypid = t.oid and f.provolatile = 'v'))`;

export const VOLATILE_OPERATORS = `
  select distinct o.oprname as name
  from pg_catalog.pg_operator o
  join pg_catalog.pg_proc p on p.oid = o.oprcode
  where p.provolatile = 'v' and o.oprname = any($1::text[])`;

/** A function that may change something is not called; by the catalogue, not by its name. */
export async function checkVolatility(found: Findings, lookup: Lookup): Promise<void> {
  const named = [...found.functions, ...found.types].map(({ name }) => name);
  const wanted = new Set([...named, ...found.notation]);
  wanted.delete("");
  if (wanted.size > 0) {
    const volatile = await lookup.functions([...wanted]);
    const wrong = volatile.find((facts) => !isSafe(facts) && isMeant(facts, found));
    if (wrong !== undefined)
      throw refuse(
        "function",
        `${wrong.schema}.${wrong.name} is volatile, so it may change something: it is not called on a connection that only reads.`,
      );
  }
  const operators = operatorsOf(found);
  if (operators.length === 0) return;
  const [wrong] = await lookup.operators(operators);
  if (wrong !== undefined)
    throw refuse("function", `The operator ${wrong} calls a volatile function.`);
}

const operatorsOf = ({ operators }: Findings) => [
  ...new Set(operators.map(({ name }) => name).filter((name) => name !== "")),
];

const isSafe = ({ name, language }: FunctionFacts) =>
  SAFE_VOLATILE.has(name) && TRUSTED_LANGUAGES.includes(language);

/** With a schema in the statement, one of the same name in another schema is not meant. */
function isMeant(
  { name, schema, single, isType = false }: FunctionFacts,
  { functions, types, notation }: Findings,
): boolean {
  const meant = ({ name: used, schema: given }: Name) =>
    used === name && (given === undefined || given === schema);
  // a type may be called like a function
  return (single && notation.has(name)) || functions.some(meant) || (isType && types.some(meant));
}
