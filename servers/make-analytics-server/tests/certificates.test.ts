import { createServer, type Server } from "node:tls";
import { generate } from "selfsigned";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { server } from "../src/server.ts";
import { openMake } from "./shared/make-stub/harness.ts";

const targets: Server[] = [];
let pair: Awaited<ReturnType<typeof generate>>;
let port: number;

beforeAll(async () => {
  pair = await generate([{ name: "commonName", value: "localhost" }], {
    notBeforeDate: new Date("2026-01-01T00:00:00Z"),
    notAfterDate: new Date("2026-12-15T00:00:00Z"),
  });
  port = await listenTls({ cert: pair.cert, key: pair.private });
});

afterAll(() => {
  for (const target of targets) target.close();
});

/** Shows a certificate; the port where it does. */
async function listenTls(shown: { cert: string; key: string }): Promise<number> {
  const target = createServer(shown, (socket) => socket.end());
  targets.push(target);
  await new Promise<void>((resolve) => {
    target.listen(0, "127.0.0.1", resolve);
  });
  const address = target.address();
  return typeof address === "object" && address !== null ? address.port : 0;
}

describe("certificates_sso", () => {
  it("answers in whole", async () => {
    const { ask } = await openMake(server);
    const answer = await ask("certificates_sso");
    expect(answer).toMatchObject({
      data: {
        certificates: [
          { id: 3, daysLeft: -30, state: "expired" },
          { id: 4, daysLeft: 20, state: "expiring" },
          { id: 2, state: "inactive" },
        ],
      },
    });
    expect(answer).toMatchSnapshot();
  });

  it("counts a certificate as expiring up to the last day asked for", async () => {
    const { data } = await openMake(server);
    const stateAt = async (days: number) =>
      ((await data("certificates_sso", { days })).certificates as { state: string }[])[1]?.state;
    expect(await stateAt(20)).toBe("expiring");
    expect(await stateAt(19)).toBe("valid");
  });
});

/** What is signed is what its maker wrote: here a month and a day that no calendar has. */
function withUnreadableDate(cert: string): string {
  const der = Buffer.from(cert.replace(/-----[^-]+-----|\s/g, ""), "base64");
  der.write("999999999999Z", der.indexOf("261215000000Z"));
  return `-----BEGIN CERTIFICATE-----\n${der.toString("base64")}\n-----END CERTIFICATE-----\n`;
}

describe("certificates_tls", () => {
  it("tells of a certificate whose dates cannot be read, and goes on", async () => {
    const odd = await listenTls({ cert: withUnreadableDate(pair.cert), key: pair.private });
    const { data } = await openMake(server, { env: { MAKE_TLS_PRIVATE: "on" } });
    expect(await data("certificates_tls", { hosts: ["localhost"], port: odd })).toMatchObject({
      hosts: [{ host: "localhost", ok: false, error: expect.stringContaining("cannot be read") }],
    });
  });

  it("answers in whole what a host shows", async () => {
    const { ask } = await openMake(server, { env: { MAKE_TLS_PRIVATE: "on" } });
    const answer = await ask("certificates_tls", { hosts: ["localhost"], port });
    expect(answer).toMatchObject({
      data: { hosts: [{ daysLeft: 25, state: "expiring", trusted: false, protocol: "TLSv1.3" }] },
    });
    const { data, ...rest } = answer as { data: { hosts: object[] } };
    const hosts = data.hosts.map((host) => ({ ...host, port: 0 }));
    expect({ ...rest, data: { hosts } }).toMatchSnapshot();
  });

  it("probes no private network unless the operator allows it", async () => {
    const { data } = await openMake(server);
    for (const host of ["localhost", "169.254.169.254", "10.0.0.1"])
      expect(await data("certificates_tls", { hosts: [host], port })).toMatchObject({
        hosts: [{ ok: false, state: "unreachable", error: expect.stringContaining("private") }],
      });
  });

  it("says what is not reached, and refuses what is no host", async () => {
    const { data, error } = await openMake(server, { env: { MAKE_TLS_PRIVATE: "on" } });
    expect(await data("certificates_tls", { hosts: ["localhost"], port: 1 })).toMatchObject({
      hosts: [{ ok: false, state: "unreachable" }],
    });
    await error("certificates_tls", { hosts: ["https://a"] }, "VALIDATION_ERROR");
  });
});

/** The world as it is, but for what its scenarios, hooks and zone call: this machine. */
const local = {
  env: { MAKE_TLS_PRIVATE: "on" },
  intercept: ({ path }: { path: string }, usual: () => { body: unknown }) => {
    const { body, ...rest } = usual();
    const text = JSON.stringify(body)
      .replace(/(crm|erp)\.example\.com/g, "127.0.0.1")
      .replace(/hook\.eu1\.make\.com|eu1\.make\.com/g, "localhost");
    return {
      ...rest,
      body:
        path === "/hooks" || path.includes("/101") || path.includes("blueprint")
          ? JSON.parse(text)
          : body,
    };
  },
};

describe("certificates_inventory", () => {
  it("answers in whole", async () => {
    const { ask } = await openMake(server);
    expect(await ask("certificates_inventory")).toMatchSnapshot();
  });
});

describe("certificates_report", () => {
  it("answers in whole, first to expire first", async () => {
    const { ask } = await openMake(server, local);
    expect(await ask("certificates_report", { port })).toMatchSnapshot();
  });

  it("finds the hosts that scenarios call, and those called without TLS", async () => {
    const { data } = await openMake(server, local);
    const { hosts } = await data("certificates_tls", { port });
    expect(hosts).toContainEqual(
      expect.objectContaining({ host: "127.0.0.1", scenarioIds: [4001, 4006], calledPlain: true }),
    );
  });
});
