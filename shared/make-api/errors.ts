import { ToolError } from "#shared/core/errors.ts";
import type { ErrorDescription } from "#shared/http-client/options.ts";
import type { Endpoint } from "./endpoint.ts";

/** Sub-errors of one answer that are told. */
export const MAX_SUBERRORS = 10;

/** Make asks to be told once more: the call carried no `confirmed=true`. */
const CONFIRMATION_CODE = "IM004";

interface MakeError {
  detail?: unknown;
  message?: unknown;
  code?: unknown;
  suberrors?: unknown;
}

interface SubError {
  name?: unknown;
  message?: unknown;
}

/**
 * Reads `{ detail?, message, code, suberrors? }`. A 429 is not tried again by the HTTP client: Make
 * says nothing of when, and the rate budget knows when its window ends.
 */
export function describeMakeError(status: number, body: unknown): ErrorDescription {
  const said: MakeError = typeof body === "object" && body !== null ? body : {};
  const makeCode = typeof said.code === "string" ? said.code : undefined;
  const suberrors = readSubErrors(said.suberrors);
  const words = [said.message, said.detail, ...suberrors.map(({ message }) => message)]
    .filter((each) => typeof each === "string" && each !== "")
    .join("; ");
  return {
    message: [makeCode, words].filter(Boolean).join(" ") || undefined,
    ...(makeCode === CONFIRMATION_CODE && { code: "CONFLICT" as const }),
    ...(status === 400 && { code: "VALIDATION_ERROR" as const }),
    details: { makeCode, said: words, ...(suberrors.length > 0 && { suberrors }) },
    ...(status === 429 && { transient: false }),
    ...(status >= 500 && { transient: true }),
  };
}

function readSubErrors(value: unknown): { name: string; message: string }[] {
  if (!Array.isArray(value)) return [];
  return value.slice(0, MAX_SUBERRORS).map((each: SubError | null) => ({
    name: String(each?.name ?? ""),
    message: String(each?.message ?? ""),
  }));
}

/** Why Make does not do it for this token, and what it would take. */
export interface Refusal {
  reason: "plan" | "scope" | "role";
  need: string;
  /** "METHOD /path" of Make's API. */
  endpoint: string;
  /** Make's own words. */
  said: string;
}

const PLAN_STATUS = 402;
/** Access denied; insufficient rights. */
const ROLE_CODES = new Set(["IM001", "IM002"]);

function reasonOf(error: ToolError): Refusal["reason"] | undefined {
  const { status, makeCode } = error.details;
  if (status === PLAN_STATUS || makeCode === "SC402") return "plan";
  if (status !== 403) return undefined;
  return ROLE_CODES.has(String(makeCode)) ? "role" : "scope";
}

/** The three refusals that look alike: scope (403 SC403), plan (402 SC402), role (403 IM002). */
export function readRefusal(
  error: unknown,
  endpoint: { key: string } & Pick<Endpoint, "scopes" | "plan" | "role">,
): Refusal | undefined {
  if (!(error instanceof ToolError)) return undefined;
  const reason = reasonOf(error);
  if (reason === undefined) return undefined;
  const needs = {
    plan: endpoint.plan ?? "a plan that includes this",
    role: endpoint.role ?? "a role with this permission",
    scope: endpoint.scopes.join(" and ") || "a scope that Make's answer names",
  };
  return {
    reason,
    need: needs[reason],
    endpoint: endpoint.key,
    said: String(error.details.said ?? ""),
  };
}

/** What an answer lacks when Make has no such endpoint here: some are of one zone or plan, or in beta. */
export function readAbsence(error: unknown): { reason: string; need: string } | undefined {
  if (!(error instanceof ToolError) || error.details.status !== 404) return undefined;
  return { reason: "absent", need: `an answer other than 404 to ${error.details.endpoint}` };
}

/** A refusal on its way to the answer of the call: not a failure of the tool. */
export class Refused extends Error {
  readonly refusal: Refusal;

  constructor(refusal: Refusal, cause: unknown) {
    super(refusal.said, { cause });
    this.name = "Refused";
    this.refusal = refusal;
  }
}
