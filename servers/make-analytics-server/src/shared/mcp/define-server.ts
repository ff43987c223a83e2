// Copied from shared/mcp/define-server.ts by "pnpm shared:copy": edit it there, or keep a local change with "pnpm shared:detach".
import type { ServerModule } from "#shared/core/contract.ts";
import type { ServerDefinition } from "#shared/core/definition.ts";
import { createServer } from "#shared/core/server.ts";

/** A server, and the handler that hosts of web-standard modules (Workers, Deno, Bun, Vercel) look for. */
export interface FetchableServer extends ServerModule {
  /** Answers one HTTP request at `/mcp`, `/health` or `/ready`, with the process's environment. */
  fetch(request: Request): Promise<Response>;
  /**
   * The SDK, for what is not answered without it. It comes from the server, so that the small file
   * that answers over stdio and the server share one copy of it.
   */
  loadSdk(): Promise<typeof import("./sdk.ts")>;
  /** What writes the log, for the same reason. */
  loadLogger(): Promise<typeof import("#shared/core/logger.ts")>;
}

/** What `src/server.ts` exports. Importing it opens nothing and loads no protocol code. */
export function defineServer(definition: ServerDefinition): FetchableServer {
  return withFetch(createServer(definition));
}

/** Adds the web-standard handler to a server that was made in another way. */
export function withFetch(module: ServerModule): FetchableServer {
  let loading: Promise<(request: Request) => Promise<Response>> | undefined;
  const fetch = async (request: Request) => {
    loading ??= import("./fetch.ts").then(({ createFetch }) => createFetch(module));
    const handler = await loading;
    return handler(request);
  };
  // not spread: the lists of `module` are made when they are first read
  return Object.assign(module, {
    fetch,
    loadSdk: () => import("./sdk.ts"),
    loadLogger: () => import("#shared/core/logger.ts"),
  });
}
