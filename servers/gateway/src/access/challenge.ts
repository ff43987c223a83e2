/** Why a request is refused before anything is looked at that it asks for. */
export interface HttpRefusal {
  status: 401 | 403 | 429 | 503;
  message: string;
  headers: Record<string, string>;
}

export interface Challenge {
  /** Where the resource is described; absent without OAuth. */
  metadata?: string | undefined;
  error?: "invalid_token" | "insufficient_scope";
  description?: string;
  /** Scopes that are needed, and none that are not. */
  scope?: string;
}

const quoted = (text: string): string => `"${text.replaceAll(/[^ !#-[\]-~]/g, " ")}"`;

/** A `WWW-Authenticate` of RFC 6750, with where to get a token by RFC 9728. */
export function challengeHeader({ metadata, error, description, scope }: Challenge): string {
  const parts = [
    ...(metadata === undefined ? ['realm="gateway"'] : [`resource_metadata=${quoted(metadata)}`]),
    ...(error === undefined ? [] : [`error=${quoted(error)}`]),
    ...(description === undefined ? [] : [`error_description=${quoted(description)}`]),
    ...(scope === undefined ? [] : [`scope=${quoted(scope)}`]),
  ];
  return `Bearer ${parts.join(", ")}`;
}

export const unauthorized = (message: string, challenge: Challenge): HttpRefusal => ({
  status: 401,
  message,
  headers: { "www-authenticate": challengeHeader(challenge) },
});

export const insufficient = (message: string, challenge: Challenge): HttpRefusal => ({
  status: 403,
  message,
  headers: {
    "www-authenticate": challengeHeader({ ...challenge, error: "insufficient_scope" }),
  },
});

const SECOND_MS = 1_000;

export function tooMany(message: string, waitMs: number): HttpRefusal {
  const seconds = Math.max(1, Math.ceil(waitMs / SECOND_MS));
  return {
    status: 429,
    message: `${message} Try again in ${seconds} s.`,
    headers: { "retry-after": String(seconds) },
  };
}
