import type { IncomingHttpHeaders } from "node:http";
import type { Principal } from "#shared/core/contract.ts";
import type { Viewer } from "../policy/policy.ts";

/** Whose a credential is: one object for as long as the credential is known, so that it can carry what is remembered of it. */
export interface Identity {
  kind: "key" | "token" | "anonymous";
  /** Stable, and no secret: "key:3fj2..." or "token:issuer|subject". */
  id: string;
  scopes: readonly string[];
  /** What servers are told of it. */
  principal: Principal;
  /** What there is for it. */
  viewer: Viewer;
  /** Whether it may read and do what operators may. */
  isAdmin: boolean;
  /** Whether it may read the metrics. */
  maySeeMetrics: boolean;
  /** The client of deployment-config.json that it belongs to. */
  client?: string;
}

/** Who sent one request, and from where. Servers see the principal's id and scopes, and nothing else of it. */
export class Caller implements Principal {
  readonly identity: Identity;
  readonly address: string;
  readonly headers: IncomingHttpHeaders;

  constructor(identity: Identity, address: string, headers: IncomingHttpHeaders) {
    this.identity = identity;
    this.address = address;
    this.headers = headers;
  }

  get id(): string {
    return this.identity.id;
  }
  get scopes(): readonly string[] {
    return this.identity.scopes;
  }
}
