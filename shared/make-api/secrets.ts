import { literalOf, modulesOf, type Text, textsIn } from "./blueprint.ts";
import { isObject } from "./open-answer.ts";

/** Bits a character, from which a long word is taken for a random one. */
export const MIN_ENTROPY = 4;
/** Shorter words are not measured. */
export const MIN_ENTROPY_LENGTH = 20;

/** Names under which secrets are sent: the end of a header, parameter or variable name. */
const SECRET_NAME = /(authorization|api[-_ ]?key|token|secret|password|passwd)$/i;
const SCHEME = /^(bearer|basic|token|apikey|digest)\s+/i;

/** What services begin their keys with. */
const KNOWN_PREFIXES: Readonly<Record<string, RegExp>> = {
  "AWS access key": /\b(AKIA|ASIA)[0-9A-Z]{16}\b/,
  "GitHub token": /\b(gh[pousr]_[A-Za-z0-9]{20,}|github_pat_[A-Za-z0-9_]{20,})/,
  "GitLab token": /\bglpat-[A-Za-z0-9_-]{20,}/,
  "Google API key": /\bAIza[0-9A-Za-z_-]{30,}/,
  "JSON web token": /\beyJ[A-Za-z0-9_-]{8,}\.eyJ[A-Za-z0-9_-]{8,}\./,
  "OpenAI or Anthropic key": /\bsk-(?:ant-|proj-)?[A-Za-z0-9_-]{20,}/,
  "private key": /-----BEGIN [A-Z ]*PRIVATE KEY-----/,
  "SendGrid key": /\bSG\.[A-Za-z0-9_-]{16,}\.[A-Za-z0-9_-]{16,}/,
  "Slack token": /\bxox[abeoprs]-[A-Za-z0-9-]{10,}/,
  "Stripe key": /\b[rs]k_live_[A-Za-z0-9]{10,}/,
};

export type SecretRule = "name" | "prefix" | "entropy";

export interface Secret {
  rule: SecretRule;
  /** "AWS access key", where the prefix says it. */
  kind?: string;
  /** Enough to recognise it, not to use it. */
  masked: string;
}

/** Shannon entropy of a text, bits a character. */
export function entropyOf(text: string): number {
  const counts = new Map<string, number>();
  for (const character of text) counts.set(character, (counts.get(character) ?? 0) + 1);
  const length = [...text].length;
  return -[...counts.values()].reduce((sum, n) => sum + (n / length) * Math.log2(n / length), 0);
}

/** Words that could be a key: no addresses, no prose, no UUIDs and file names of ours. */
const WORD = /[A-Za-z0-9+/=_-]{20,}/g;
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

function randomWord(text: string): string | undefined {
  const outsideAddresses = text.replace(/\bhttps?:\/\/[^\s?#"']+/g, " ");
  return outsideAddresses
    .match(WORD)
    ?.find(
      (word) =>
        word.length >= MIN_ENTROPY_LENGTH && !UUID.test(word) && entropyOf(word) >= MIN_ENTROPY,
    );
}

const SHOWN = 4;
/** A secret must be this much longer than what is shown of it. */
const MIN_SHOWN_OF = 12;

/** The first characters and stars, as Make shows tokens. */
export const maskSecret = (secret: string): string =>
  secret.length >= MIN_SHOWN_OF ? `${secret.slice(0, SHOWN)}****` : "****";

/**
 * Whether a text is, or holds, a secret that is written out: by the name it goes under, by what known
 * keys begin with, or because a long word of it is random. What an expression `{{...}}` fills in at
 * run time is none.
 */
export function findSecret(name: string, text: string): Secret | undefined {
  const literal = literalOf(text).trim();
  const bare = literal.replace(SCHEME, "").trim();
  const hasExpression = literal !== text.trim();
  // "Bearer {{1.token}}" leaves a scheme, "{{a}}-{{b}}" leaves what joins them
  if (
    bare === "" ||
    (hasExpression && /^(bearer|basic|token|apikey|digest)?[\W_]*$/i.test(literal))
  )
    return undefined;
  for (const [kind, pattern] of Object.entries(KNOWN_PREFIXES)) {
    const match = pattern.exec(literal);
    if (match) return { rule: "prefix", kind, masked: maskSecret(match[0]) };
  }
  if (SECRET_NAME.test(name)) return { rule: "name", masked: maskSecret(bare) };
  const word = randomWord(literal);
  return word === undefined ? undefined : { rule: "entropy", masked: maskSecret(word) };
}

export interface FoundSecret extends Secret {
  moduleId: number;
  module: string;
  /** "mapper.headers[0].value" */
  field: string;
  name: string;
}

/** The secrets that are written into the modules of a blueprint. */
export function secretsInBlueprint(blueprint: unknown): FoundSecret[] {
  return modulesOf(blueprint).flatMap(({ id, module, parameters, mapper }) => {
    const texts: Text[] = [...textsIn(parameters, "parameters"), ...textsIn(mapper, "mapper")];
    return texts.flatMap(({ place, name, text }) => {
      const secret = findSecret(name, text);
      return secret ? [{ moduleId: id, module, field: place, name, ...secret }] : [];
    });
  });
}

/** A copy of any JSON in which every secret is masked; `name` is what the value itself goes under. */
export function maskSecrets<T>(value: T, name = ""): T {
  return maskValue(value, name) as T;
}

function maskValue(value: unknown, name: string): unknown {
  if (typeof value === "string") return findSecret(name, value)?.masked ?? value;
  if (Array.isArray(value)) return value.map((each) => maskValue(each, name));
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, each]) => {
      const own = key === "value" ? String(value.name ?? value.key ?? key) : key;
      return [key, maskValue(each, own)];
    }),
  );
}
