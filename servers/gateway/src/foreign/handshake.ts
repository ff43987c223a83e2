import type { RpcError } from "#shared/core/contract.ts";
import { LEGACY_VERSIONS, MODERN_VERSION } from "#shared/mcp/hot.ts";
import { MountError } from "../mounts/mount-error.ts";
import { type ClientFacts, factsOf, type ServerFacts } from "./facts.ts";
import type { Session } from "./session.ts";
import { objectOf, textOf } from "./wire.ts";

const UNSUPPORTED_VERSION = -32022;
const SERVER_INFO = "io.modelcontextprotocol/serverInfo";

/** Milliseconds for the first question; servers that were made before it was thought of may not answer. */
const PROBE_MS = 3_000;

/** What servers of 2025 are told that can be asked of their callers. */
const LEGACY_CAPABILITIES = { elicitation: { form: {}, url: {} }, sampling: {} };

export interface HandshakeOptions {
  client: ClientFacts;
  signal: AbortSignal;
  /** Whether it is known that the server speaks no 2026-07-28. */
  knownLegacy: boolean;
}

/** Finds out what the server speaks: as of 2026-07-28 unless it cannot, or is known not to. */
export async function shakeHands(
  session: Session,
  { client, signal, knownLegacy }: HandshakeOptions,
): Promise<ServerFacts> {
  const modern = knownLegacy ? undefined : await discover(session, signal);
  return modern ?? initialize(session, client, signal);
}

async function discover(session: Session, signal: AbortSignal): Promise<ServerFacts | undefined> {
  session.isModern = true;
  const limit = AbortSignal.timeout(PROBE_MS);
  try {
    const both = AbortSignal.any([signal, limit]);
    const { result, error } = await session.request("server/discover", {}, { signal: both });
    if (error) return notModern(session, error);
    const versions = result.supportedVersions;
    if (!Array.isArray(versions) || !versions.includes(MODERN_VERSION)) return notModern(session);
    session.agree(MODERN_VERSION);
    return factsOf(
      "modern",
      objectOf(objectOf(result._meta)[SERVER_INFO] ?? result.serverInfo),
      result,
    );
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof MountError) throw error;
    return notModern(session);
  }
}

function notModern(session: Session, error?: RpcError): undefined {
  session.isModern = false;
  const supported = objectOf(error?.data).supported;
  if (error?.code !== UNSUPPORTED_VERSION || !Array.isArray(supported)) return undefined;
  if (LEGACY_VERSIONS.some((version) => supported.includes(version))) return undefined;
  throw new MountError(
    `it speaks MCP ${supported.join(", ")} and the gateway up to ${MODERN_VERSION}`,
  );
}

async function initialize(
  session: Session,
  client: ClientFacts,
  signal: AbortSignal,
): Promise<ServerFacts> {
  const [newest] = LEGACY_VERSIONS;
  const params = {
    protocolVersion: newest,
    capabilities: LEGACY_CAPABILITIES,
    clientInfo: client,
  };
  const { result, error } = await session.request("initialize", params, { signal });
  if (error) throw new MountError(`it refuses to be initialized: ${error.message}`);
  const version = textOf(result.protocolVersion) ?? "";
  if (!LEGACY_VERSIONS.some((known) => known === version))
    throw new MountError(`it speaks MCP "${version}", which the gateway does not know`);
  session.agree(version);
  await session.notify("notifications/initialized");
  return factsOf("legacy", objectOf(result.serverInfo), result);
}
