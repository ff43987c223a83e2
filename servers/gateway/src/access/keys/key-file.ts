import * as z from "zod";
import { parsePattern } from "../../policy/grants.ts";
import { readJsonFile, writeJsonFile } from "../../state/json-file.ts";

/** Scopes that are no tools: what operators may do. */
export const ADMIN_SCOPE = "admin";
export const METRICS_SCOPE = "metrics";

export const isScope = (text: string): boolean =>
  text === ADMIN_SCOPE || text === METRICS_SCOPE || parsePattern(text) !== undefined;

const time = z.iso.datetime();

const secret = z.strictObject({
  hash: z.string().regex(/^(hmac-)?sha256:[A-Za-z0-9_-]{43}$/, "is no hash of a key"),
  createdAt: time,
  /** Of a secret that was replaced: until then both are good. */
  expiresAt: time.optional(),
});

const apiKey = z.strictObject({
  id: z.string().regex(/^[0-9a-f]{12}$/, "is no id of a key"),
  name: z.string().min(1).max(100),
  /** Whose it is, of the clients in deployment-config.json. */
  client: z.string().optional(),
  scopes: z.array(z.string().refine(isScope, "is no scope")),
  createdAt: time,
  expiresAt: time.optional(),
  /** The newest last; two at most. */
  secrets: z.array(secret).min(1).max(2),
});

const keyFile = z.strictObject({ version: z.literal(1), keys: z.array(apiKey) });

export type ApiKey = z.output<typeof apiKey>;

export const readKeys = (file: string): ApiKey[] | undefined => readJsonFile(file, keyFile)?.keys;

export const writeKeys = (file: string, keys: readonly ApiKey[]): void =>
  writeJsonFile(file, { version: 1, keys });
