import type { Row } from "#shared/make-api/endpoints.ts";

type Connection = Row<"GET /connections">;
type Hook = Row<"GET /hooks">;

const MS_A_DAY = 86_400_000;

/** Whole days until a connection expires, negative once it has; null when it does not. */
export function daysUntil(expire: string | null | undefined, now: Date): number | null {
  return expire ? Math.floor((Date.parse(expire) - now.getTime()) / MS_A_DAY) : null;
}

export function showConnection(connection: Connection, now: Date) {
  const expiresInDays = daysUntil(connection.expire, now);
  return {
    id: connection.id,
    name: connection.name,
    app: connection.accountName ?? null,
    type: connection.accountType ?? null,
    teamId: connection.teamId ?? null,
    authorId: connection.authorId ?? null,
    scopesCount: connection.scopesCnt ?? null,
    scopesSuffice: connection.scoped ?? null,
    expire: connection.expire ?? null,
    expiresInDays,
    expired: expiresInDays !== null && Date.parse(connection.expire ?? "") <= now.getTime(),
  };
}

/** Of the queue, in whole percent; null where Make tells no limit. */
export const queuePercent = ({ queueCount, queueLimit }: Hook): number | null =>
  queueLimit ? Math.round(((queueCount ?? 0) / queueLimit) * 100) : null;

/** Whoever has the address of a webhook can call it: the part that is secret is masked. */
export const maskAddress = (address: string): string =>
  address.includes("@") ? address.replace(/^[^@]+/, "****") : address.replace(/\/[^/]*$/, "/****");

export const showHook = (hook: Hook, reveal: boolean) => ({
  id: hook.id,
  name: hook.name,
  teamId: hook.teamId ?? null,
  type: hook.type ?? null,
  typeName: hook.typeName ?? null,
  scenarioId: hook.scenarioId ?? null,
  enabled: hook.enabled ?? null,
  gone: hook.gone ?? null,
  queueCount: hook.queueCount ?? null,
  queueLimit: hook.queueLimit ?? null,
  queuePercent: queuePercent(hook),
  address: hook.url ? (reveal ? hook.url : maskAddress(hook.url)) : null,
});
