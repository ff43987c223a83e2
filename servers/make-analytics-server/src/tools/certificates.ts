import pLimit from "p-limit";
import * as z from "zod";
import type { MakeCall } from "#shared/make-api/call.ts";
import * as field from "#shared/make-api/fields.ts";
import { toolsOf } from "#shared/make-api/tool.ts";
import type { AnalyticsConfig } from "../config.ts";
import { readAllBlueprints } from "../domain/account.ts";
import { calledHosts } from "../domain/called-hosts.ts";
import { certificateKeys, judgeSso, makeHosts, readSso, stateOf } from "../domain/certificates.ts";
import { probeTls, type TlsResult } from "../domain/tls-probe.ts";

const tool = toolsOf("certificates");

const MAX_HOSTS = 50;
const PROBES_AT_ONCE = 5;
const HOST = /^(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)*[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/i;

const days = z.int().min(0).max(3650).default(30).describe("Days left, from which it expires soon");
const port = z.int().min(1).max(65_535).default(443).describe("Where TLS is spoken");

async function probeAll(
  make: MakeCall,
  hosts: readonly string[],
  port: number,
): Promise<TlsResult[]> {
  const { MAKE_TLS_PRIVATE: allowPrivate } = make.context.config as unknown as AnalyticsConfig;
  const { signal } = make.context;
  const line = pLimit(PROBES_AT_ONCE);
  const now = make.context.now();
  const wanted = [...new Set(hosts)].slice(0, MAX_HOSTS);
  if (wanted.length < hosts.length)
    make.missing({ part: "hosts", reason: "size", need: `only ${MAX_HOSTS} hosts are probed` });
  const results = await line.map(wanted, (host) =>
    probeTls(host, { port, now, signal, allowPrivate }),
  );
  return results.sort((a, b) => (a.daysLeft ?? -Infinity) - (b.daysLeft ?? -Infinity));
}

const certificatesSso = tool({
  name: "certificates_sso",
  title: "SSO certificates",
  description:
    "SAML certificates of the organisation with the days they have left, active ones first.",
  access: "read",
  sources: ["api", "computed"],
  calls: ["GET /organizations/{organizationId}/sso-certificates"],
  input: { organizationId: field.organizationId, days },
  output: { certificates: field.rows("Id, status, validTo, daysLeft, state") },
  async run({ days, ...input }, make) {
    const organizationId = await make.organizationId(input.organizationId);
    const rows = await readSso(make, organizationId);
    return { certificates: judgeSso(rows, days, make.context.now()) };
  },
});

const certificatesTls = tool({
  name: "certificates_tls",
  title: "Probe TLS",
  description:
    "Expiry, chain, trust and protocol of certificates by a TLS handshake: of the hosts given, or of those that scenarios call by address and of Make's own.",
  access: "read",
  outside: true,
  scan: true,
  sources: ["api", "computed"],
  calls: [
    "GET /scenarios",
    "GET /scenarios/{scenarioId}/blueprint",
    "GET /organizations/{organizationId}",
    "GET /teams",
    "GET /hooks",
  ],
  input: {
    organizationId: field.organizationId,
    hosts: z
      .array(z.string().max(253).regex(HOST, "expected a host name"))
      .min(1)
      .max(MAX_HOSTS)
      .optional()
      .describe("Absent: those of blueprints, hooks and the zone"),
    port,
    days,
    maxCalls: field.maxCalls,
  },
  output: {
    hosts: field.rows("Host, validTo, daysLeft, state, trusted, protocol, chain, scenarios"),
  },
  async run({ hosts, port, days, maxCalls, ...input }, make) {
    const called = hosts ? [] : await hostsOf(make, input.organizationId, maxCalls);
    const results = await probeAll(make, hosts ?? called.map(({ host }) => host), port);
    return { hosts: results.map((result) => withState(result, days, called)) };
  },
});

type Called = Awaited<ReturnType<typeof hostsOf>>[number];

async function hostsOf(make: MakeCall, given: number | undefined, maxCalls: number | undefined) {
  const organizationId = await make.organizationId(given);
  const called = calledHosts(await readAllBlueprints(make, organizationId, maxCalls));
  const own = await makeHosts(make, organizationId);
  return [
    ...called.map(({ host, plain, scenarioIds }) => ({ host, plain, scenarioIds })),
    ...own.map((host) => ({ host, plain: false, scenarioIds: [] as number[] })),
  ];
}

function withState(result: TlsResult, days: number, called: readonly Called[]) {
  const from = called.find(({ host }) => host === result.host);
  return {
    ...result,
    state: result.daysLeft === undefined ? "unreachable" : stateOf(result.daysLeft, days),
    ...(from && { scenarioIds: from.scenarioIds, calledPlain: from.plain }),
  };
}

const certificatesInventory = tool({
  name: "certificates_inventory",
  title: "Certificates in keys",
  description:
    "Keys that hold a certificate and the scenarios that use them. Make does not give out what is in a key, so its expiry is not known.",
  access: "read",
  scan: true,
  sources: ["api", "computed"],
  calls: ["GET /teams", "GET /keys", "GET /scenarios", "GET /scenarios/{scenarioId}/blueprint"],
  input: { organizationId: field.organizationId, maxCalls: field.maxCalls },
  output: { keys: field.rows("Key, type, team, scenarios") },
  async run({ maxCalls, ...input }, make) {
    const organizationId = await make.organizationId(input.organizationId);
    const scenarios = await readAllBlueprints(make, organizationId, maxCalls);
    return { keys: await certificateKeys(make, organizationId, scenarios) };
  },
});

const certificatesReport = tool({
  name: "certificates_report",
  title: "All certificates",
  description:
    "SSO certificates, TLS of the hosts that scenarios call and of Make's own, and certificates in keys, by days left.",
  access: "read",
  outside: true,
  scan: true,
  sources: ["api", "computed"],
  calls: [
    "GET /organizations/{organizationId}/sso-certificates",
    "GET /organizations/{organizationId}",
    "GET /teams",
    "GET /hooks",
    "GET /keys",
    "GET /scenarios",
    "GET /scenarios/{scenarioId}/blueprint",
  ],
  input: { organizationId: field.organizationId, days, port, maxCalls: field.maxCalls },
  output: {
    certificates: field.rows("Kind, what, validTo, daysLeft, state; first to expire first"),
    unknown: field.rows("Certificates in keys and hosts out of reach: their expiry is not known"),
  },
  async run({ days, port, maxCalls, ...input }, make) {
    const organizationId = await make.organizationId(input.organizationId);
    const sso = await make.optional("SSO certificates", () => readSso(make, organizationId));
    const called = await hostsOf(make, organizationId, maxCalls);
    const probed = await probeAll(
      make,
      called.map(({ host }) => host),
      port,
    );
    const keys = await make.optional("keys", async () =>
      certificateKeys(
        make,
        organizationId,
        await readAllBlueprints(make, organizationId, maxCalls),
      ),
    );
    const now = make.context.now();
    const known = [
      ...judgeSso(sso ?? [], days, now)
        .filter(({ state }) => state !== "inactive")
        .map(({ id, validTo, daysLeft, state }) => ({
          kind: "sso",
          what: String(id),
          validTo,
          daysLeft,
          state,
        })),
      ...probed.flatMap(({ host, validTo, daysLeft }) =>
        daysLeft === undefined
          ? []
          : [{ kind: "tls", what: host, validTo, daysLeft, state: stateOf(daysLeft, days) }],
      ),
    ];
    return {
      certificates: known.sort((a, b) => a.daysLeft - b.daysLeft),
      unknown: [
        ...(keys ?? []).map(({ id, name }) => ({ kind: "key", what: `${id} ${name}` })),
        ...probed
          .filter(({ ok }) => !ok)
          .map(({ host, error }) => ({ kind: "tls", what: host, error })),
      ],
    };
  },
});

export const certificates = [
  certificatesSso,
  certificatesTls,
  certificatesInventory,
  certificatesReport,
];
