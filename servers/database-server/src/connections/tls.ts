import { readFileSync } from "node:fs";
import { isIP } from "node:net";
import { ToolError } from "#shared/core/errors.ts";

/** How a connection is encrypted; certificates are read when it is opened. */
export interface Tls {
  mode: "require" | "verify-ca" | "verify-full";
  ca?: string;
  cert?: string;
  key?: string;
}

interface TlsOptions {
  sslmode?: string;
  sslrootcert?: string;
  sslcert?: string;
  sslkey?: string;
}

const LOOPBACK = /^(localhost|127\.\d+\.\d+\.\d+|\[::1\]|)$/;

/** Without sslmode: none on this machine, and everywhere else a certificate that holds for the host. */
export function readTls(options: TlsOptions, host: string): Tls | undefined {
  const mode = options.sslmode ?? (LOOPBACK.test(host) ? "disable" : "verify-full");
  if (mode !== "require" && mode !== "verify-ca" && mode !== "verify-full") return undefined;
  return {
    mode,
    ...(options.sslrootcert !== undefined && { ca: options.sslrootcert }),
    ...(options.sslcert !== undefined && { cert: options.sslcert }),
    ...(options.sslkey !== undefined && { key: options.sslkey }),
  };
}

interface DriverTls {
  rejectUnauthorized: boolean;
  verifyIdentity: boolean;
  servername?: string;
  checkServerIdentity?: () => undefined;
  ca?: string;
  cert?: string;
  key?: string;
}

/** The modes mean what they mean to libpq: require encrypts and trusts any certificate. */
export function tlsOptions({ mode, ca, cert, key }: Tls, host: string): DriverTls {
  return {
    rejectUnauthorized: mode !== "require",
    // mysql2 compares names only when it is told to, pg unless it is told not to
    verifyIdentity: mode === "verify-full",
    ...(isIP(host) === 0 && { servername: host }),
    ...(mode === "verify-ca" && { checkServerIdentity: () => undefined }),
    ...(ca !== undefined && { ca: readPem(ca) }),
    ...(cert !== undefined && { cert: readPem(cert) }),
    ...(key !== undefined && { key: readPem(key) }),
  };
}

function readPem(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    throw new ToolError(
      "CONFIG_ERROR",
      `The certificate file ${path} of a database URL cannot be read.`,
      {
        details: { reason: "certificate" },
        cause: error,
      },
    );
  }
}
