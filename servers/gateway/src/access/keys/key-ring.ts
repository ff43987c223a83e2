import { StartError } from "#shared/core/lifecycle.ts";
import { type ApiKey, readKeys } from "./key-file.ts";
import { hashSecret, isSecret, needsPepper, parseKey } from "./secret.ts";

/** Compared when there is no such key, so that the time does not tell whether there is. */
const NO_SECRET = { hash: hashSecret("", undefined), createdAt: "" };

/** The keys of a file. */
export class KeyRing {
  readonly #pepper: string | undefined;
  readonly #keys: ReadonlyMap<string, ApiKey>;

  /** Throws a StartError when the file is wrong, or its keys need a pepper that is not there. */
  constructor(file: string, pepper: string | undefined) {
    const keys = readKeys(file);
    if (!keys)
      throw new StartError(`There is no ${file}: make a key with gateway keys add --file ${file}`);
    this.#pepper = pepper;
    this.#keys = new Map(keys.map((key) => [key.id, key]));
    const peppered = keys.find(({ secrets }) => secrets.some(({ hash }) => needsPepper(hash)));
    if (peppered && pepper === undefined)
      throw new StartError(
        `${file}: the key "${peppered.name}" was made with GATEWAY_KEY_PEPPER, which is not set now`,
      );
  }

  get keys(): Iterable<ApiKey> {
    return this.#keys.values();
  }

  /** The key that a credential is, while it holds. `until` is when that has to be looked at again. */
  verify(credential: string, now: number): { key: ApiKey; until: number } | undefined {
    const parts = parseKey(credential);
    if (!parts) return undefined;
    const key = this.#keys.get(parts.id);
    const secrets: ApiKey["secrets"] = key?.secrets ?? [NO_SECRET];
    const found = secrets.find(({ hash }) =>
      isSecret(parts.secret, hash, needsPepper(hash) ? this.#pepper : undefined),
    );
    if (!key || !found) return undefined;
    const until = Math.min(timeOf(key.expiresAt), timeOf(found.expiresAt));
    return until > now ? { key, until } : undefined;
  }
}

const timeOf = (text: string | undefined): number =>
  text === undefined ? Number.POSITIVE_INFINITY : Date.parse(text);
