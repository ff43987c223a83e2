import { fileURLToPath } from "node:url";
import { afterAll, describe, expect, it } from "vitest";
import type { CallToolResult } from "#shared/core/contract.ts";
import { silentLog } from "#shared/core/log.ts";
import { startMaria } from "./attacks/maria-server.ts";
import { expectToolError } from "./shared/testing/call.ts";
import { server } from "./support/built-server.ts";

const PASSWORD = "correct-horse-battery";
const CERTIFICATE = fileURLToPath(new URL("fixtures/tls/server.crt", import.meta.url));
const KEY = fileURLToPath(new URL("fixtures/tls/server.key", import.meta.url));

const maria = await startMaria(CERTIFICATE, KEY);

async function ask(host: string, options: string) {
  const { port, database } = maria ?? { port: 0, database: "" };
  const url = `mariadb://clerk:${PASSWORD}@${host}:${port}/${database}?${options}`;
  const instance = await server.open({ env: { DATABASE_URL_SALES: url }, log: silentLog });
  const context = { signal: new AbortController().signal, era: "modern" as const };
  const sql = "SHOW STATUS LIKE 'Ssl_cipher'";
  const { result } = await instance.call("query", { sql }, context);
  await instance.close();
  return result as CallToolResult;
}

describe.skipIf(maria === undefined)(
  "the certificate of MariaDB (skipped where there is no program mariadbd)",
  () => {
    afterAll(() => maria?.stop());

    it.each([
      ["that nobody vouches for", "localhost", "sslmode=verify-full", /certificate/],
      [
        "of another host",
        "127.0.0.1",
        `sslmode=verify-full&sslrootcert=${CERTIFICATE}`,
        /certificate|altnames|IP/,
      ],
    ])("is refused when it is one %s", async (_, host, options, why) => {
      const error = expectToolError(await ask(host, options), "UNAVAILABLE");
      expect(error.message).toMatch(/^sales: /);
      expect(error.message).toMatch(why);
      expect(JSON.stringify(error)).not.toContain(PASSWORD);
    });

    it.each([
      ["require", "127.0.0.1", "sslmode=require"],
      ["verify-ca", "127.0.0.1", `sslmode=verify-ca&sslrootcert=${CERTIFICATE}`],
      ["verify-full", "localhost", `sslmode=verify-full&sslrootcert=${CERTIFICATE}`],
    ])("is taken as %s asks, and encrypts", async (_, host, options) => {
      const { structuredContent } = await ask(host, options);
      expect(structuredContent?.rows).toEqual([
        ["Ssl_cipher", expect.stringMatching(/^TLS|^[A-Z]/)],
      ]);
    });
  },
);
