import { createHash } from "node:crypto";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Log } from "#shared/core/contract.ts";
import { ToolError } from "#shared/core/errors.ts";
import type { ServiceSetup } from "#shared/core/services.ts";
import { type Cache, createCache } from "#shared/data/cache.ts";
import { createRateBudget, type PlaceStore, type RateBudget } from "./budget.ts";
import { createFileStore } from "./budget-file.ts";
import { createRedisStore, withFallback } from "./budget-redis.ts";
import { createMakeApi, type MakeApi } from "./client.ts";
import type { MakeConfig } from "./config.ts";
import type { Answer } from "./endpoints.ts";
import { Refused } from "./errors.ts";
import { zoneAddress } from "./zone.ts";

type Blueprint = Answer<"GET /scenarios/{scenarioId}/blueprint">;

/** Blueprints kept in memory; one of a large scenario has some 200 kB. */
const MAX_BLUEPRINTS = 500;
/** A blueprint is kept by the time of its last edit, so that it is never out of date, only unused. */
const BLUEPRINT_TTL_MS = 3_600_000;

const CATALOGUE_TTL_MS = 86_400_000;

/** What all calls of a server share: one client, one rate budget, what is known of the token. */
export interface MakeAccount {
  api: MakeApi;
  budget: RateBudget;
  /** The organisation that calls mean when they name none. Errors: CONFIG_ERROR when there are several. */
  organizationId(): Promise<number>;
  /** The scopes of the token, asked for once. */
  scopes(): Promise<readonly string[]>;
  blueprints: Cache<Blueprint>;
  /** Make's catalogue of apps, which is the same for everybody and large. */
  catalogue: Cache<Answer<"GET /imt/apps-meta">>;
  close(): Promise<void>;
}

/** Opens an account; asks nothing yet. The token and the zone are there: see `callMake`. */
export async function openAccount(setup: ServiceSetup<MakeConfig>): Promise<MakeAccount> {
  const { config, log } = setup;
  const token = config.MAKE_API_TOKEN ?? config.MAKE_API_KEY ?? "";
  const zone = config.MAKE_ZONE ?? "";
  const budget = createRateBudget({ store: await openStore(config, zone, token, log) });
  const baseUrl = zoneAddress(zone) ?? "";
  const bare = createMakeApi({ baseUrl, token, budget });
  const organizationId = once(() => findOrganization(bare, config));
  const limitKnown = once(() => readLimit(bare, budget, organizationId, log));
  const api: MakeApi = {
    ...bare,
    async page(key, options) {
      await limitKnown();
      return bare.page(key, options);
    },
    async call(key, options) {
      await limitKnown();
      return bare.call(key, options);
    },
  };
  return {
    api,
    budget,
    organizationId,
    scopes: once(async () => (await api.call("GET /users/me/current-authorization")).scope),
    blueprints: createCache({ ttlMs: BLUEPRINT_TTL_MS, maxEntries: MAX_BLUEPRINTS }),
    catalogue: createCache({ ttlMs: CATALOGUE_TTL_MS }),
    async close() {
      await api.close();
      await budget.close();
    },
  };
}

/** Runs once for all who ask; a failure is tried anew by the next. */
function once<T>(work: () => Promise<T>): () => Promise<T> {
  let running: Promise<T> | undefined;
  return () => {
    running ??= work().catch((error: unknown) => {
      running = undefined;
      throw error;
    });
    return running;
  };
}

async function findOrganization(api: MakeApi, config: MakeConfig): Promise<number> {
  if (config.MAKE_ORGANIZATION !== undefined) return config.MAKE_ORGANIZATION;
  const organizations = await api.call("GET /organizations");
  const [only] = organizations;
  if (only !== undefined && organizations.length === 1) return Number(only.id);
  const names = organizations.map(({ id, name }) => `${id} (${name})`).join(", ") || "none";
  throw new ToolError(
    "CONFIG_ERROR",
    `The token sees several organisations or none: ${names}. Name one in the call, or set MAKE_ORGANIZATION.`,
    { details: { variable: "MAKE_ORGANIZATION" } },
  );
}

/** The limit is a courtesy of Make's answer: without it the lowest known one holds. */
async function readLimit(
  api: MakeApi,
  budget: RateBudget,
  organizationId: () => Promise<number>,
  log: Log,
): Promise<void> {
  try {
    const path = { organizationId: await organizationId() };
    const { license } = await api.call("GET /organizations/{organizationId}", { path });
    if (license?.apiLimit) await budget.setLimit(license.apiLimit);
  } catch (error) {
    if (!(error instanceof ToolError) && !(error instanceof Refused)) throw error;
    log.warn("The organisation's rate limit is not known, the lowest one is kept to", {
      error: error.message,
    });
  }
}

/** Named for the organisation where that is configured, else for the token: what must share, does. */
async function openStore(
  config: MakeConfig,
  zone: string,
  token: string,
  log: Log,
): Promise<PlaceStore> {
  const subject = config.MAKE_ORGANIZATION ?? `token ${token}`;
  const name = createHash("sha256").update(`${zone} ${subject}`).digest("hex").slice(0, 16);
  const folder =
    config.MAKE_BUDGET_DIR ?? join(tmpdir(), `make-budget-${process.getuid?.() ?? ""}`);
  const file = createFileStore(join(folder, `${name}.json`));
  if (config.MAKE_REDIS_URL === undefined) return file;
  return withFallback(await createRedisStore(config.MAKE_REDIS_URL, name), file, (error) =>
    log.warn("Redis does not answer: the rate budget is shared on this machine only", {
      error: String(error),
    }),
  );
}
