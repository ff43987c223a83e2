import { join, resolve } from "node:path";
import { StartError } from "#shared/core/lifecycle.ts";
import { type ApiKey, isScope, readKeys, writeKeys } from "../access/keys/key-file.ts";
import { hashSecret, keyText, newId, newSecret } from "../access/keys/secret.ts";
import { type CommandContext, readOptions } from "./command.ts";
import { timeFrom } from "./duration.ts";

export const KEYS_USAGE = `Usage: gateway keys <command> [options]

  add <name>    makes a key and prints it, once
    --scope <server:tool>  what it lets through; * stands for any text; also admin, metrics. May be repeated
    --client <name>        whose it is, of deployment-config.json: it has the servers of their tier
    --expires <time>       after 90d, 12h or 30m, or at 2027-01-31; never unless given
  list          shows the keys, without their secrets
  rotate <id>   gives a key another secret and prints it, once
    --grace <time>         how long the old secret is good (24h)
  revoke <id>   takes a key away; gateways that have the file refuse it within seconds

  --file <path> the file of keys (GATEWAY_KEYS, or gateway-keys.json)`;

export const DEFAULT_GRACE = "24h";
const FILE_NAME = "gateway-keys.json";

const OPTIONS = {
  file: { type: "string" },
  scope: { type: "string", multiple: true },
  client: { type: "string" },
  expires: { type: "string" },
  grace: { type: "string", default: DEFAULT_GRACE },
  help: { type: "boolean" },
} as const;

/** Runs `gateway keys ...` and returns what it says. Throws a StartError that says what to do. */
export function runKeys(argv: readonly string[], context: CommandContext): string[] {
  const { values, positionals } = readOptions(argv, OPTIONS, KEYS_USAGE);
  if (values.help) return [KEYS_USAGE];
  const [command, subject, ...rest] = positionals;
  const more = command === "list" ? positionals.slice(1) : rest;
  if (more.length > 0) throw new StartError(`What is "${more[0]}"?\n\n${KEYS_USAGE}`);
  const { env, cwd } = context;
  const file = resolve(cwd, values.file ?? env.GATEWAY_KEYS ?? join(cwd, FILE_NAME));
  const keys = readKeys(file) ?? [];
  switch (command) {
    case "add":
      return add(file, keys, { ...values, name: subject }, context);
    case "list":
      return list(file, keys, context.now());
    case "rotate":
      return rotate(file, keys, findKey(file, keys, subject), values.grace, context);
    case "revoke": {
      const { id, name } = findKey(file, keys, subject);
      writeKeys(
        file,
        keys.filter((key) => key.id !== id),
      );
      return [`Revoked ${id} (${name})`];
    }
    default:
      throw new StartError(
        command === undefined ? KEYS_USAGE : `There is no "${command}".\n\n${KEYS_USAGE}`,
      );
  }
}

interface Wanted {
  name: string | undefined;
  scope?: string[] | undefined;
  client?: string | undefined;
  expires?: string | undefined;
}

function add(
  file: string,
  keys: readonly ApiKey[],
  { name, scope, client, expires }: Wanted,
  { env, now }: CommandContext,
): string[] {
  if (name === undefined) throw new StartError(`Which name has the key?\n\n${KEYS_USAGE}`);
  if (!scope && client === undefined)
    throw new StartError(
      'What is the key for? Give it --scope "server:tool", --scope "*", or --client',
    );
  const wrong = scope?.find((one) => !isScope(one));
  if (wrong !== undefined)
    throw new StartError(`"${wrong}" is no scope: server:tool, *, admin or metrics`);
  const id = newId();
  const secret = newSecret();
  const createdAt = now().toISOString();
  const key: ApiKey = {
    id,
    name,
    ...(client !== undefined && { client }),
    scopes: scope ?? ["*"],
    createdAt,
    ...(expires !== undefined && { expiresAt: timeFrom(expires, now()).toISOString() }),
    secrets: [{ hash: hashSecret(secret, pepperOf(env)), createdAt }],
  };
  writeKeys(file, [...keys, key]);
  return [`Added ${id} (${name}) to ${file}. The key is shown this once:`, keyText({ id, secret })];
}

function rotate(
  file: string,
  keys: readonly ApiKey[],
  key: ApiKey,
  grace: string,
  { env, now }: CommandContext,
): string[] {
  const secret = newSecret();
  const until = timeFrom(grace, now()).toISOString();
  const old = key.secrets.slice(-1).map((one) => ({ ...one, expiresAt: until }));
  const added = { hash: hashSecret(secret, pepperOf(env)), createdAt: now().toISOString() };
  const rotated = { ...key, secrets: [...old, added] };
  writeKeys(
    file,
    keys.map((one) => (one.id === key.id ? rotated : one)),
  );
  return [
    `The old secret of ${key.id} (${key.name}) is good until ${until}. The key is now, shown this once:`,
    keyText({ id: key.id, secret }),
  ];
}

function list(file: string, keys: readonly ApiKey[], now: Date): string[] {
  if (keys.length === 0)
    return [
      `There are no keys in ${file}. Make one: gateway keys add <name> --scope <server:tool>`,
    ];
  return keys.map(({ id, name, client, scopes, expiresAt, secrets }) => {
    const isOver = expiresAt !== undefined && Date.parse(expiresAt) <= now.getTime();
    const parts = [
      id,
      name,
      scopes.join(" "),
      ...(client === undefined ? [] : [`client ${client}`]),
      ...(expiresAt === undefined ? [] : [`${isOver ? "ended" : "ends"} ${expiresAt}`]),
      ...(secrets.length > 1 ? ["two secrets"] : []),
    ];
    return parts.join("  ");
  });
}

function findKey(file: string, keys: readonly ApiKey[], id: string | undefined): ApiKey {
  const found = keys.find((key) => key.id === id);
  if (found) return found;
  const known = keys.map((key) => `${key.id} (${key.name})`).join(", ") || "none";
  const fault = id === undefined ? "Which key? Name it by its id" : `There is no key "${id}"`;
  throw new StartError(`${fault}. The keys in ${file} are: ${known}.`);
}

const pepperOf = (env: CommandContext["env"]): string | undefined =>
  env.GATEWAY_KEY_PEPPER === "" ? undefined : env.GATEWAY_KEY_PEPPER;
