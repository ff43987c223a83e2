import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { checkDeployFiles, checkTexts } from "../lib/deploy/checks/check.ts";
import { readDeployFacts } from "../lib/deploy/deploy-facts.ts";
import { programFile } from "../lib/deploy/programs.ts";
import { defaultShipment, type Shipment } from "../lib/deploy/shipment.ts";
import { TARGET_NAMES } from "../lib/deploy/target-names.ts";
import { TARGETS } from "../lib/deploy/targets/all.ts";
import { IN_FLIGHT_METRIC } from "../lib/deploy/targets/kubernetes/overlays.ts";
import { repositoryRoot } from "../lib/projects.ts";
import { serverFacts, variable } from "./support/server-facts.ts";
import { tempFolder, writeFiles } from "./support/temp-folder.ts";

const MODEL = "servers/greet-server";
const textOf = (path: string) => readFileSync(join(repositoryRoot, MODEL, path), "utf8");
const problemsOf = (path: string, text: string) =>
  checkTexts(repositoryRoot, [{ path: `${MODEL}/${path}`, text }]);

test("no file of this repository breaks a rule of its host", { timeout: 60_000 }, async () => {
  const { files, problems } = await checkDeployFiles(repositoryRoot);
  expect(problems).toEqual([]);
  expect(files).toBeGreaterThan(100);
});

const deployment = "deploy/kubernetes/base/deployment.yaml";
const production = "deploy/kubernetes/overlays/production/kustomization.yaml";

/** One slip in each kind of file, and what is said of it. */
const SLIPS: [path: string, from: string | RegExp, to: string, problem: RegExp][] = [
  ["Dockerfile", "USER node", "USR node", /Unknown instruction: USR/],
  ["server.json", /"version": "[^"]+"/, '"version": "latest"', /version: an exact version/],
  ["manifest.json", '"type": "node"', '"type": "nodejs"', /server\.type/],
  ["manifest.json", '"display_name"', '"displayname"', /displayname/],
  ["deploy/cloud-run.yaml", "containerConcurrency: 80", "concurrency: 80", /concurrency/],
  ["deploy/cloud-run.yaml", 'cpu: "1"', 'cpu: "3"', /resources\.limits\.cpu/],
  ["deploy/fly.toml", "internal_port", "internalport", /internalport/],
  ["deploy/fly.toml", "[env]", "[env", /is no toml/],
  ["deploy/render.yaml", "plan: starter", "plan: tiny", /plan/],
  [".railway/railway.ts", "healthcheck:", "healthchek:", /healthchek/],
  [".railway/railway.ts", "replicas: 1", 'replicas: "one"', /string/],
  ["deploy/azure-container-app.yaml", "memory: 0.5Gi", "memory: 4Gi", /each CPU has 2 GiB/],
  ["deploy/aws-ecs-task.json", '"awsvpc"', '"bridge"', /Fargate takes awsvpc/],
  ["deploy/aws-agentcore.json", '"8000"', '"3001"', /AgentCore looks for MCP on port 8000/],
  ["deploy/wrangler.jsonc", "nodejs_compat", "node_compat", /needs nodejs_compat/],
  ["deploy/deno.json", '"deploy"', '"deployment"', /deployment/],
  ["deploy/vercel/.vercel/output/config.json", "3", "2", /version/],
  [deployment, "image:", "imag:", /imag/],
  [deployment, "runAsNonRoot: true", "runAsNonRoot: 1", /number/],
  [deployment, "apps/v1", "apps/v2", /no check knows apps\/v2 Deployment/],
  ["deploy/kubernetes/base/autoscaler.yaml", "maxReplicas: 4", 'maxReplicas: "4"', /string/],
  ["deploy/kubernetes/base/service.yaml", "ports:", "port:", /port/],
  ["deploy/kubernetes/base/network-policy.yaml", "policyTypes", "policyType", /policyType/],
  [production, "../../base", "../../bases", /bases is not there/],
];

test.each(SLIPS)(
  "%s with %s for a slip is refused",
  async (path, from, to, problem) => {
    const right = textOf(path);
    const wrong = right.replace(from, to);
    expect(wrong).not.toBe(right);
    const problems = await problemsOf(path, wrong);
    expect(problems.join("\n")).toMatch(problem);
  },
  60_000,
);

test("a file that no check knows is a problem, so that a new target brings its check", async () => {
  expect(await problemsOf("deploy/heroku.yml", "web: node")).toEqual([
    `${MODEL}/deploy/heroku.yml: no check knows this file`,
  ]);
});

describe("what is written", () => {
  const facts = serverFacts();
  const shipment = defaultShipment(facts);
  const yamlOf = (path: string, one: Shipment = shipment, target = TARGETS.kubernetes) =>
    parse(target.files(one)[path] ?? "");
  const pod = (one: Shipment) => yamlOf(deployment, one).spec.template.spec;

  test.each(TARGET_NAMES)("%s is the same twice, and holds no value of a secret", (name) => {
    const variables = [variable("WIND_KEY", { secret: true, required: true, default: "hush" })];
    const secret = defaultShipment(serverFacts({ variables }));
    const files = TARGETS[name].files(secret);
    expect(TARGETS[name].files(secret)).toEqual(files);
    for (const text of Object.values(files)) expect(text).not.toContain("hush");
  });

  test("a pod has probes, bounds, no rights and a root that it cannot write to", () => {
    const { containers, securityContext, automountServiceAccountToken } = pod(shipment);
    const [container] = containers;
    expect(securityContext).toMatchObject({ runAsNonRoot: true, runAsUser: 1000 });
    expect(automountServiceAccountToken).toBe(false);
    expect(container).toMatchObject({
      resources: { requests: { cpu: "250m", memory: "256Mi" }, limits: { memory: "256Mi" } },
      livenessProbe: { httpGet: { path: "/health" } },
      readinessProbe: { httpGet: { path: "/ready" } },
      startupProbe: { httpGet: { path: "/health" } },
      securityContext: {
        allowPrivilegeEscalation: false,
        readOnlyRootFilesystem: true,
        capabilities: { drop: ["ALL"] },
      },
    });
  });

  test("a pod has longer to stop than a server takes to finish", () => {
    const { terminationGracePeriodSeconds, containers } = pod(shipment);
    const { command } = containers[0].lifecycle.preStop.exec;
    expect(terminationGracePeriodSeconds).toBeGreaterThan(30 + Number(command[1]));
  });

  test("secrets are references: what a server can do without may be absent", () => {
    const variables = [
      variable("KEY", { secret: true }),
      variable("TOKEN", { secret: true, required: true }),
    ];
    const { containers } = pod(defaultShipment(serverFacts({ variables })));
    expect(containers[0].env.slice(1)).toEqual([
      {
        name: "KEY",
        valueFrom: { secretKeyRef: { name: "wind-server", key: "KEY", optional: true } },
      },
      {
        name: "TOKEN",
        valueFrom: { secretKeyRef: { name: "wind-server", key: "TOKEN", optional: false } },
      },
    ]);
  });

  test("out go names, and the ports that package.json says", () => {
    const egress = (ports: number[]) =>
      yamlOf(
        "deploy/kubernetes/base/network-policy.yaml",
        defaultShipment(serverFacts({ deploy: { egress: ports } })),
      ).spec.egress;
    expect(egress([])).toHaveLength(1);
    expect(egress([443])[1]).toEqual({ ports: [{ protocol: "TCP", port: 443 }] });
  });

  test("a server with a folder of its own runs once and keeps it", () => {
    const volume = { path: "/data", sizeGiB: 2, variable: "WIND_LIMIT" };
    const one = defaultShipment(serverFacts({ deploy: { volume } }));
    const files = TARGETS.kubernetes.files(one);
    expect(Object.keys(files)).not.toContain("deploy/kubernetes/base/autoscaler.yaml");
    expect(yamlOf("deploy/kubernetes/base/volume-claim.yaml", one).kind).toBe(
      "PersistentVolumeClaim",
    );
    expect(yamlOf(deployment, one).spec).toMatchObject({
      replicas: 1,
      strategy: { type: "Recreate" },
    });
    expect(pod(one).containers[0].env).toContainEqual({ name: "WIND_LIMIT", value: "/data" });
    expect(TARGETS.render.files(one)["deploy/render.yaml"]).toMatch(
      /numInstances: 1[\s\S]*sizeGB: 2/,
    );
  });

  test.each([
    ["fly", "fra", /primary_region = "fra"/],
    ["render", "frankfurt", /region: frankfurt/],
    ["azure-container-apps", "westeurope", /location: westeurope/],
  ] as const)(
    "%s takes a region of its own, and leaves out another host's",
    (name, region, said) => {
      const textIn = (where: string) =>
        Object.values(TARGETS[name].files({ ...shipment, region: where })).join("\n");
      expect(textIn(region)).toMatch(said);
      expect(textIn("europe-west1")).toBe(textIn(""));
    },
  );

  test("AgentCore has an image of its own, for its own processor", () => {
    const { files, steps } = TARGETS["aws-agentcore"];
    const [build, push] = steps(shipment);
    expect(build?.args).toEqual(expect.arrayContaining(["linux/arm64", `${shipment.image}-arm64`]));
    expect(push?.args).toEqual(["push", `${shipment.image}-arm64`]);
    expect(files(shipment)["deploy/aws-agentcore.json"]).toContain(`${shipment.image}-arm64"`);
  });

  test("Cloud Run is told the region where it is one of its own", () => {
    const stepIn = (region: string) => TARGETS["cloud-run"].steps({ ...shipment, region })[0]?.args;
    expect(stepIn("europe-west1")).toContain("--region=europe-west1");
    expect(stepIn("fra")?.join(" ")).not.toContain("--region");
  });

  test.each([
    ["cloud-run", 0.25, 256, /cpu: "1"\n +memory: 512Mi/],
    ["cloud-run", 1.5, 2_048, /cpu: "2"\n +memory: 2048Mi/],
    ["aws-ecs", 0.25, 512, /"cpu": "256",\n +"memory": "512"/],
    ["aws-ecs", 0.25, 513, /"cpu": "256",\n +"memory": "1024"/],
    ["aws-ecs", 0.26, 256, /"cpu": "512",\n +"memory": "1024"/],
    ["azure-container-apps", 0.25, 512, /cpu: 0.25\n +memory: 0.5Gi/],
    ["azure-container-apps", 0.25, 513, /cpu: 0.5\n +memory: 1Gi/],
    ["render", 0.5, 512, /plan: starter/],
    ["render", 0.5, 513, /plan: standard/],
    ["fly", 0.25, 257, /cpus = 1\nmemory = "512mb"/],
    ["fly", 3, 256, /cpus = 4/],
  ] as const)("%s sells what holds %d CPU and %d MiB", (name, cpu, memoryMiB, size) => {
    const files = TARGETS[name].files({ ...shipment, resources: { cpu, memoryMiB } });
    expect(Object.values(files).join("\n")).toMatch(size);
  });
});

test("a server that cannot run on Workers does not say that it does", () => {
  const read = (shared: string[], targets: string[]) =>
    readDeployFacts({ shared, targets }, "servers/a/package.json");
  expect(() => read(["core", "http-client"], ["cloudflare-workers"])).toThrow("leave it out");
  expect(read(["core", "http-client"], ["deno"]).targets).toEqual(["deno"]);
  expect(() => read(["core"], ["floppy"])).toThrow(/servers\/a\/package.json flotilla.targets.0: /);
});

test("the function of Vercel is the server, once dist is beside it", async () => {
  const folder = tempFolder();
  const files = TARGETS.vercel.files(defaultShipment(serverFacts()));
  const home = "deploy/vercel/.vercel/output/functions/index.func";
  writeFiles(folder, { ...files, [`${home}/package.json`]: '{ "type": "module" }' });
  writeFiles(folder, { [`${home}/dist/server.js`]: "export default { fetch: () => 'hello' };" });
  const module = await import(pathToFileURL(join(folder, home, "index.js")).href);
  expect(module.default.fetch()).toBe("hello");
});

test("what a gateway is scaled by is a metric that it has", () => {
  const file = join(repositoryRoot, "servers/gateway/src/metrics/metrics.ts");
  expect(readFileSync(file, "utf8")).toContain(`"${IN_FLIGHT_METRIC}"`);
});

const kubectl = programFile("kubectl", process.env);

describe.skipIf(kubectl === undefined)("kustomize (kubectl kustomize, needs kubectl)", () => {
  const build = (server: string, profile: string) =>
    execFileSync(
      kubectl ?? "",
      ["kustomize", `servers/${server}/deploy/kubernetes/overlays/${profile}`],
      { cwd: repositoryRoot, encoding: "utf8" },
    );

  test.each(["greet-server", "gateway", "file-server"])(
    "%s makes objects that the API knows, in both overlays",
    async (server) => {
      const files = ["staging", "production"].map((profile) => ({
        path: `servers/${server}/deploy/kubernetes/${profile}.yaml`,
        text: build(server, profile),
      }));
      expect(await checkTexts(repositoryRoot, files)).toEqual([]);
      const [staging = "", live = ""] = files.map(({ text }) => text);
      expect(staging).toContain("namespace: mcp-staging");
      expect(staging).toMatch(/name: ENVIRONMENT\n +value: staging/);
      expect(live).toMatch(/name: ENVIRONMENT\n +value: production/);
      expect(staging).not.toContain(IN_FLIGHT_METRIC);
      expect(live.includes(IN_FLIGHT_METRIC)).toBe(server === "gateway");
    },
    60_000,
  );
});
