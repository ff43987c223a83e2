import { describe, expect, test } from "vitest";
import { choose, inNoTier } from "../lib/deploy/choose.ts";
import { readDeploymentConfig } from "../lib/deploy/config.ts";
import { type DeploymentConfig, deploymentConfigSchema } from "../lib/deploy/config-schema.ts";
import { costOf } from "../lib/deploy/cost.ts";
import { makePlan, type PlanInputs } from "../lib/deploy/plan.ts";
import { showPlan } from "../lib/deploy/show.ts";
import { prettyJson } from "../lib/generate/canonical-json.ts";
import { repositoryRoot, serverNames } from "../lib/projects.ts";
import { runNode } from "../lib/run.ts";
import { named, variable } from "./support/server-facts.ts";
import { staging } from "./support/staging.ts";
import { tempFolder } from "./support/temp-folder.ts";

const wind = named("wind-server");
const rain = named("rain-server", { deploy: { resources: { cpu: 2, memoryMiB: 300 } } });
const snow = named("snow-server", { deploy: { targets: ["npm"] } });
const servers = { loaded: [wind, rain, snow], broken: [] };

const config: DeploymentConfig = {
  currency: "USD",
  tiers: {
    small: {
      title: "Small",
      servers: ["wind-server"],
      resources: { cpu: 0.25, memoryMiB: 256 },
      replicas: { min: 1, max: 2 },
      price: 5,
    },
    large: {
      title: "Large",
      servers: ["wind-server", "rain-server"],
      resources: { cpu: 1, memoryMiB: 1_024 },
      replicas: { min: 2, max: 4 },
      price: 50,
    },
  },
  clients: {
    ada: { tier: "small" },
    bob: {
      tier: "large",
      price: 40,
      overrides: {
        "wind-server": false,
        "rain-server": { memoryMiB: 2_048, replicas: { min: 1, max: 1 } },
        "snow-server": {},
      },
    },
  },
  environments: { staging },
  rates: {
    kubernetes: {
      cpuHour: 0.1,
      memoryGiBHour: 0.01,
      source: "https://example.com",
      asOf: "2026-01-01",
    },
  },
};

const inputs = (more: Partial<PlanInputs> = {}): PlanInputs => ({
  config,
  environment: "staging",
  state: {},
  hashOf: () => "abc123",
  ...more,
});
const chosen = (choice: Parameters<typeof choose>[2]) =>
  choose(config, servers, choice).map(({ title, price, wanted }) => ({
    title,
    price,
    wanted: wanted.map(({ facts, owner, resources, replicas }) => [
      owner ? `${owner}-${facts.name}` : facts.name,
      resources.cpu,
      resources.memoryMiB,
      replicas.min,
      replicas.max,
    ]),
  }));

const plan = (choice: Parameters<typeof choose>[2], more: Partial<PlanInputs> = {}) =>
  makePlan(choose(config, servers, choice), inputs(more));

describe("what somebody gets", () => {
  test("a tier gives what it says, and a server what it needs where that is more", () => {
    expect(chosen({ tier: "large" })).toEqual([
      {
        title: "tier large",
        price: 50,
        wanted: [
          ["large-wind-server", 1, 1_024, 2, 4],
          ["large-rain-server", 2, 1_024, 2, 4],
        ],
      },
    ]);
  });

  test("a client has instances of its own, other sizes, servers left out and added", () => {
    expect(chosen({ client: "bob" })).toEqual([
      {
        title: "client bob, tier large",
        price: 40,
        wanted: [
          ["bob-rain-server", 2, 2_048, 1, 1],
          ["bob-snow-server", 1, 1_024, 2, 4],
        ],
      },
    ]);
  });

  test("without a choice it is what every client has", () => {
    expect(chosen({}).map(({ title }) => title)).toEqual([
      "client ada, tier small",
      "client bob, tier large",
    ]);
  });

  test("a server alone may be named without its ending, and narrows a tier or a client", () => {
    const instances = (choice: Parameters<typeof choose>[2]) =>
      plan(choice).map(({ title, planned }) => [
        title,
        ...planned.map(({ shipment: { instance, resources } }) => [instance, resources.cpu]),
      ]);
    expect(instances({ server: "wind" })).toEqual([["server wind-server", ["wind-server", 0.25]]]);
    expect(instances({ server: "snow" })).toEqual([["server snow-server", ["snow-server", 0.25]]]);
    expect(instances({ tier: "large", server: "rain" })).toEqual([
      ["tier large", ["large-rain-server", 2]],
    ]);
    expect(() => choose(config, servers, { tier: "small", server: "rain" })).toThrow(
      "rain-server is not in tier small",
    );
  });

  test.each([
    [{ tier: "huge" }, "Unknown tier: huge. Known: small, large"],
    [{ client: "eve" }, "Unknown client: eve. Known: ada, bob"],
    [{ server: "fog" }, "Unknown server: fog. Known: wind-server, rain-server, snow-server"],
    [{ tier: "small", client: "ada" }, "give one"],
    [{ tier: "toString" }, "Unknown tier: toString"],
  ])("a name that nobody knows lists those there are: %j", (choice, message) => {
    expect(() => choose(config, servers, choice)).toThrow(message);
  });

  test("a tier with a server that is not there is an error; one that does not load is set apart", () => {
    const few = { loaded: [wind, snow], broken: [] };
    for (const tier of ["large", "small"]) {
      expect(() => choose(config, few, { tier })).toThrow(
        "Tier large has servers that are not there: rain-server. Known: wind-server, snow-server",
      );
    }
    const broken = { loaded: [wind, snow], broken: ["rain-server"] };
    const [group] = choose(config, broken, { tier: "large" });
    expect(group).toMatchObject({ wanted: [{ facts: wind }], broken: ["rain-server"] });
  });

  test("a server that no tier has is named", () => {
    expect(inNoTier(config, servers)).toEqual(["snow-server"]);
  });
});

describe("the plan", () => {
  test("says what goes where, on what, at what cost", () => {
    expect(showPlan(plan({ tier: "large" }), "USD").join("\n")).toMatchInlineSnapshot(`
      "tier large, 50 USD a month
        INSTANCE           TARGET      COPIES  CPU  MEMORY    AT THE HOST A MONTH   STATE
        large-wind-server  kubernetes  2-4     1    1024 MiB  160.60 to 321.20 USD  changed
        large-rain-server  kubernetes  2-4     2    1024 MiB  306.60 to 613.20 USD  changed
      2 servers, at the host 467.20 to 934.40 USD
      "
    `);
  });

  test("knows what is there already, and that other resources are a change", () => {
    const [group] = plan({ tier: "small" });
    const [first] = group?.planned ?? [];
    expect(first).toMatchObject({ place: "kubernetes small-wind-server", current: false });
    const noted = { hash: first?.hash ?? "", image: "i", files: {}, at: "2026-01-01" };
    const state = { "kubernetes small-wind-server": noted };
    const current = (more: Partial<PlanInputs>) =>
      plan({ tier: "small" }, { state, ...more })[0]?.planned[0]?.current;
    expect(current({})).toBe(true);
    expect(current({ hashOf: () => "other" })).toBe(false);
    const { small } = config.tiers;
    if (!small) throw new Error("no tier");
    const bigger = { ...small, resources: { cpu: 0.5, memoryMiB: 256 } };
    const tiers = { ...config.tiers, small: bigger };
    const other = { ...config, tiers };
    const changed = makePlan(choose(other, servers, { tier: "small" }), inputs({ state }));
    expect(changed[0]?.planned[0]?.current).toBe(false);
  });

  test("refuses a server where its package.json does not let it go, and plans the others", () => {
    const [group] = plan({ client: "bob" });
    expect(group?.planned.map(({ refused }) => refused)).toEqual([
      undefined,
      "snow-server does not go to kubernetes, only to npm",
    ]);
  });

  test("refuses a variable that the server has not, and a secret in the open", () => {
    const { staging } = config.environments;
    if (!staging) throw new Error("no environment");
    const withVariables = (names: Record<string, string>) => {
      const environments = {
        staging: { ...staging, variables: { "wind-server": names } },
      };
      const wanted = choose(config, servers, { tier: "small" });
      return makePlan(wanted, inputs({ config: { ...config, environments } }))[0]?.planned[0];
    };
    expect(withVariables({ WIND_LIMIT: "3" })).toMatchObject({
      shipment: { variables: { WIND_LIMIT: "3" } },
    });
    expect(withVariables({ WIND_LIMIT: "3" })?.refused).toBeUndefined();
    expect(withVariables({ WINDY: "3" })?.refused).toContain("wind-server has no variable WINDY");
    expect(withVariables({ WIND_KEY: "k" })?.refused).toContain(
      "WIND_KEY of wind-server is a secret",
    );
  });

  test("a secret that a server cannot do without is asked of the host", () => {
    const needy = named("wind-server", {
      variables: [variable("KEY", { secret: true, required: true })],
    });
    const wanted = choose(config, { loaded: [needy, rain, snow], broken: [] }, { tier: "small" });
    const [group] = makePlan(wanted, inputs({ target: "cloud-run" }));
    expect(group?.planned[0]?.files["deploy/cloud-run.yaml"]).toContain(
      "name: small-wind-server-key",
    );
  });

  test("an environment or a target that nobody knows lists those there are", () => {
    expect(() => plan({}, { environment: "moon" })).toThrow(
      "Unknown environment: moon. Known: staging",
    );
    expect(() => plan({}, { target: "floppy" })).toThrow(
      /Unknown target: floppy. Known: container, /,
    );
  });

  test.each([
    [{ client: "ada" }, "ada-wind-server"],
    [{ client: "ada", server: "gateway" }, "ada-wind-server"],
    [{ tier: "all", server: "gateway" }, "all-wind-server"],
    [{ server: "gateway" }, "wind-server"],
  ])(
    "a gateway gets the addresses of what is deployed as it is, now or not: %j",
    (choice, host) => {
      const gateway = named("gateway");
      const tiers = { all: { ...config.tiers.large, servers: ["wind-server", "gateway"] } };
      const clients = { ada: { tier: "all" } };
      const other = deploymentConfigSchema.parse({ ...config, tiers, clients });
      const wanted = choose(other, { loaded: [wind, snow, gateway], broken: [] }, choice);
      const [group] = makePlan(wanted, inputs({ config: other }));
      const settings = group?.planned.at(-1)?.files["deploy/kubernetes/base/gateway.json"] ?? "{}";
      expect(JSON.parse(settings)).toEqual({
        mcpServers: { wind: { url: `http://${host}:3456/mcp` } },
      });
    },
  );

  test("tiers that share a server have an instance each", () => {
    const places = ["small", "large"].flatMap((tier) =>
      plan({ tier, server: "wind" }).flatMap(({ planned }) => planned.map(({ place }) => place)),
    );
    expect(places).toEqual(["kubernetes small-wind-server", "kubernetes large-wind-server"]);
  });

  test("a server that keeps a folder runs once, whatever its tier has", () => {
    const volume = { variable: "DATA", path: "/data", sizeGiB: 1 };
    const keeper = named("wind-server", { deploy: { volume, targets: ["fly"] } });
    const all = { loaded: [keeper, rain, snow], broken: [] };
    const [group] = makePlan(choose(config, all, { tier: "large" }), inputs({ target: "fly" }));
    const [first] = group?.planned ?? [];
    const scale = first?.target.steps(first.shipment).at(-1);
    expect(scale?.args).toEqual(expect.arrayContaining(["count", "1"]));
  });
});

test("cost is hours of a month for the least and the most copies, at what the host sells", () => {
  const resources = { cpu: 2, memoryMiB: 512 };
  const cost = costOf(config, "kubernetes", resources, { min: 1, max: 3 });
  expect(cost?.min).toBeCloseTo(730 * (0.2 + 0.005));
  expect(cost?.max).toBeCloseTo(3 * 730 * (0.2 + 0.005));
  expect(costOf(config, "fly", resources, { min: 1, max: 3 })).toBeUndefined();
});

describe("deployment-config.json", () => {
  const read = (value: unknown) =>
    readDeploymentConfig(tempFolder({ "deployment-config.json": prettyJson(value) }));

  test("names every fault at once", () => {
    const { tiers, ...rest } = config;
    const wrong = { ...rest, currency: "$", tiers: { ...tiers, Bad_Name: {} } };
    expect(() => read(wrong)).toThrow(/currency: .*; tiers\.Bad_Name: .*/);
  });

  test("does not take a client of a tier that is not there, nor fewer at most than at least", () => {
    expect(() => read({ ...config, clients: { ada: { tier: "tiny" } } })).toThrow(
      "clients.ada.tier: there is no tier tiny",
    );
    expect(() => read({ ...config, clients: { large: { tier: "small" } } })).toThrow(
      "clients.large: a tier has this name",
    );
    const small = { ...config.tiers.small, replicas: { min: 3, max: 2 } };
    expect(() => read({ ...config, tiers: { ...config.tiers, small } })).toThrow(
      "min is more than max",
    );
  });

  test("is missed when it is not there", () => {
    expect(() => readDeploymentConfig(tempFolder())).toThrow("is not there");
  });

  test.each([256, 255])("a server is given at least 256 MiB: %i", (memoryMiB) => {
    const small = { ...config.tiers.small, resources: { cpu: 0.25, memoryMiB } };
    const parsed = deploymentConfigSchema.safeParse({
      ...config,
      tiers: { ...config.tiers, small },
    });
    expect(parsed.success).toBe(memoryMiB === 256);
  });
});

describe("pnpm deploy-all --plan, of this repository, without an account", () => {
  const script = "scripts/deploy-all.ts";
  const run = (...args: string[]) =>
    runNode(["--import", "tsx", script, ...args, "--plan"], {
      cwd: repositoryRoot,
      env: { PATH: process.env.PATH, HOME: tempFolder() },
    });
  const real = readDeploymentConfig(repositoryRoot);
  const rowsOf = (output: string, title: string) => {
    const [, rest = ""] = output.split(title);
    const [table = ""] = rest.split(/^\d+ servers/m);
    return [...table.matchAll(/^ {2}(\S+) +kubernetes/gm)].map(([, instance]) => instance);
  };

  test("each client has the servers of its tier, for the price of it", {
    timeout: 60_000,
  }, async () => {
    const { output } = await run();
    const tiers = { "client-a": "basic", "client-b": "professional", "client-c": "enterprise" };
    for (const [client, name] of Object.entries(tiers)) {
      const { servers: names = [], price } = real.tiers[name] ?? {};
      const title = `client ${client}, tier ${name}, ${price} USD a month\n`;
      expect(rowsOf(output, title)).toEqual(names.map((server) => `${client}-${server}`));
    }
  });

  test("a tier has its servers, all of them there", { timeout: 60_000 }, async () => {
    const { output } = await run("--tier", "enterprise");
    const { servers: names = [], price } = real.tiers.enterprise ?? {};
    expect(rowsOf(output, `tier enterprise, ${price} USD a month\n`)).toEqual(
      names.map((name) => `enterprise-${name}`),
    );
    const wanted = Object.values(real.tiers).flatMap((tier) => tier.servers);
    expect(serverNames(repositoryRoot)).toEqual(expect.arrayContaining(wanted));
  });

  test("who asks for the commands without the plan deploys nothing", async () => {
    const args = ["--import", "tsx", "scripts/deploy-all.ts", "--commands", "--env", "nowhere"];
    const { code, output } = await runNode(args, { cwd: repositoryRoot });
    expect(output).toContain("--commands goes with --plan");
    expect(code).toBe(2);
  });

  test("a misuse shows the usage and ends with 2", { timeout: 60_000 }, async () => {
    const { code, output } = await run("--tier", "gold");
    expect(output).toContain("Unknown tier: gold. Known: basic, professional, enterprise");
    expect(output).toContain("Usage: pnpm deploy-all");
    expect(code).toBe(2);
  });
});
