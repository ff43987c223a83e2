import { chmodSync, existsSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import { describe, expect, test } from "vitest";
import { choose } from "../lib/deploy/choose.ts";
import type { DeploymentConfig } from "../lib/deploy/config-schema.ts";
import { contentHash, placeHash } from "../lib/deploy/content-hash.ts";
import { type DeployOptions, deployAll } from "../lib/deploy/deploy.ts";
import { makePlan } from "../lib/deploy/plan.ts";
import { fillIn, programFile, withProgram } from "../lib/deploy/programs.ts";
import { notePlace, readState, stateFile } from "../lib/deploy/state.ts";
import { given, step } from "../lib/deploy/target.ts";
import { TARGETS } from "../lib/deploy/targets/all.ts";
import { named } from "./support/server-facts.ts";
import { staging } from "./support/staging.ts";
import { tempFolder, writeFiles } from "./support/temp-folder.ts";
import { tempRepository } from "./support/temp-repository.ts";

const tier = {
  title: "All",
  servers: ["wind-server", "rain-server"],
  resources: { cpu: 0.25, memoryMiB: 256 },
  replicas: { min: 1, max: 2 },
  price: 5,
};
const config: DeploymentConfig = {
  currency: "USD",
  tiers: { all: tier },
  clients: {},
  environments: { staging },
  rates: {},
};

/**
 * A repository of two servers, and programs on a PATH that has nothing else: each notes how it was
 * called and what stood in its folder, and does what its script says.
 */
function fleet(programs: Record<string, string> = { docker: "", kubectl: "" }) {
  const root = tempRepository({
    "servers/wind-server/package.json": "{}",
    "servers/wind-server/src/server.ts": "export {};\n",
    "servers/rain-server/package.json": "{}",
    ".gitignore": ".deployed/\n",
  });
  const bin = tempFolder();
  const journal = join(bin, "journal");
  for (const [name, script] of Object.entries(programs)) {
    const file = join(bin, name);
    writeFileSync(file, `#!/bin/sh\necho "${name} $*" >> ${journal}\n${script}\n`);
    chmodSync(file, 0o755);
  }
  const lines: string[] = [];
  const file = stateFile(root, "staging");
  const deploy = async (
    target = "kubernetes",
    more: Partial<DeployOptions> = {},
    all = config.tiers.all,
  ) => {
    lines.length = 0;
    writeFileSync(journal, "");
    const servers = { loaded: tier.servers.map((name) => named(name)), broken: [] };
    const tiers = { ...(all && { all }) };
    const groups = makePlan(choose({ ...config, tiers }, servers, { tier: "all" }), {
      config,
      environment: "staging",
      target,
      state: readState(file),
      hashOf: ({ name }) => contentHash(join(root, "servers", name)),
    });
    const ok = await deployAll(groups, {
      root,
      projects: [],
      stateFile: file,
      env: { PATH: bin },
      force: false,
      back: false,
      write: (line) => lines.push(line),
      ...more,
    });
    const calls = readFileSync(journal, "utf8").split("\n").filter(Boolean);
    return { ok, lines: [...lines], calls };
  };
  return { root, file, deploy, bin };
}

/** What a fake program does when it is called for one server, and not for another. */
const failFor = (word: string) =>
  `case "$*" in *${word}*) echo "no room for ${word}" >&2; exit 7;; esac`;

describe.skipIf(process.platform === "win32")("deploying with the host's own program", () => {
  test("builds and pushes an image, applies, waits, and notes what is there", async () => {
    const { deploy, file } = fleet();
    const { ok, lines, calls } = await deploy();
    expect({ ok, lines }).toEqual({
      ok: true,
      lines: [
        "deployed kubernetes all-wind-server",
        "deployed kubernetes all-rain-server",
        "2 deployed, 0 current, 0 failed",
      ],
    });
    const [build, push, apply, rollout] = calls;
    expect(build).toMatch(
      /^docker build --platform linux\/amd64 --tag example.com\/team\/wind-server:[0-9a-f]{12} \.$/,
    );
    expect(push).toBe(build?.replace(/build .* --tag (\S+) \.$/, "push $1"));
    expect(apply).toBe("kubectl apply --kustomize deploy/kubernetes/overlays/staging");
    expect(rollout).toContain("rollout status deployment/all-wind-server --namespace mcp-staging");
    expect(calls).toHaveLength(8);
    expect(Object.keys(readState(file))).toEqual([
      "kubernetes all-wind-server",
      "kubernetes all-rain-server",
    ]);
  });

  test("the second time only what changed is deployed", async () => {
    const { deploy, root } = fleet();
    await deploy();
    expect(await deploy()).toMatchObject({ ok: true, calls: [] });
    writeFiles(root, { "servers/wind-server/src/server.ts": "export const changed = true;\n" });
    const { lines } = await deploy();
    expect(lines).toEqual([
      "deployed kubernetes all-wind-server",
      "current  kubernetes all-rain-server",
      "1 deployed, 1 current, 0 failed",
    ]);
    expect((await deploy("kubernetes", { force: true })).lines.at(-1)).toMatch(/^2 deployed/);
  });

  test("one failure does not stop the rest, and is told with the program's last words", async () => {
    const { deploy, file } = fleet({ docker: failFor("wind-server"), kubectl: "" });
    const { ok, lines } = await deploy();
    expect(ok).toBe(false);
    expect(lines[0]).toMatch(
      /^FAILED {3}kubernetes all-wind-server: "docker build .*" ended with 7:\nno room/,
    );
    expect(lines.slice(1)).toEqual([
      "deployed kubernetes all-rain-server",
      "failed   kubernetes all-wind-server",
      "1 deployed, 0 current, 1 failed",
    ]);
    expect(Object.keys(readState(file))).toEqual(["kubernetes all-rain-server"]);
  });

  test("asks for a program that is not there, before anything is begun", async () => {
    const { deploy } = fleet({ docker: "" });
    const { lines, calls } = await deploy();
    expect(lines[0]).toBe(
      "FAILED   kubernetes all-wind-server: kubectl is not on the PATH: get it at https://kubernetes.io/docs/tasks/tools/, or choose another target",
    );
    expect(calls).toEqual([]);
  });

  test("an image that is in its registry is not built again", async () => {
    const { deploy } = fleet({ kubectl: "" });
    const { ok, calls } = await deploy("kubernetes", { pushed: true });
    expect(ok).toBe(true);
    expect(calls.filter((call) => !call.startsWith("kubectl"))).toEqual([]);
  });

  test("takes another program of the same kind", async () => {
    const { deploy } = fleet({ podman: "", kubectl: "" });
    const { ok, calls } = await deploy();
    expect(ok).toBe(true);
    expect(calls[0]).toMatch(/^podman build /);
  });

  test("asks for what only the owner of the account knows, and fills it in", async () => {
    const { deploy } = fleet({ docker: "", az: "cat deploy/azure-container-app.yaml > $SEEN" });
    const { lines } = await deploy("azure-container-apps");
    expect(lines[0]).toContain("not set: AZURE_RESOURCE_GROUP, the resource group of the apps");
    const seen = join(tempFolder(), "seen.yaml");
    const env = {
      PATH: "",
      SEEN: seen,
      AZURE_RESOURCE_GROUP: "group-1",
      AZURE_CONTAINERAPPS_ENVIRONMENT_ID: "/subscriptions/1/environment",
      AZURE_KEY_VAULT_URL: "https://vault.example.com",
    };
    const second = fleet({ docker: "", az: "/bin/cat deploy/azure-container-app.yaml > $SEEN" });
    const { ok, calls } = await second.deploy("azure-container-apps", {
      env: { ...env, PATH: second.bin },
    });
    expect(ok).toBe(true);
    expect(calls.at(-1)).toContain("--resource-group group-1");
    expect(readFileSync(seen, "utf8")).toContain(
      "managedEnvironmentId: /subscriptions/1/environment",
    );
  });

  test("works in a copy: the repository keeps every byte, and the files are those of the place", async () => {
    const folder = tempFolder();
    const seen = join(folder, "seen.yaml");
    const { deploy, root } = fleet({
      docker: `pwd > ${join(folder, "stage")}`,
      kubectl: `[ -f deploy/kubernetes/base/deployment.yaml ] && /bin/cat deploy/kubernetes/base/deployment.yaml > ${seen}; exit 0`,
    });
    await deploy();
    expect(existsSync(join(root, "servers/wind-server/deploy"))).toBe(false);
    expect(readFileSync(seen, "utf8")).toContain("image: example.com/team/rain-server:");
    expect(existsSync(readFileSync(join(folder, "stage"), "utf8").trim())).toBe(false);
  });

  test("what is deployed and does not work is taken back", async () => {
    const { deploy, file } = fleet();
    const smoke = async () => ({ ok: false, output: "tools/list: 502" });
    const { ok, lines, calls } = await deploy("kubernetes", { smoke });
    expect(ok).toBe(false);
    expect(lines.slice(0, 2)).toEqual([
      "back     kubernetes all-wind-server",
      "FAILED   kubernetes all-wind-server: it was deployed and does not work, so the former one is back:\ntools/list: 502",
    ]);
    expect(calls).toContain(
      "kubectl rollout undo deployment/all-wind-server --namespace mcp-staging",
    );
    expect(readState(file)).toEqual({});
  });

  test("a host without memory gets the image that is noted as the one before", async () => {
    const seen = join(tempFolder(), "seen.yaml");
    const gcloud = `/bin/cat deploy/cloud-run.yaml > ${seen}`;
    const { deploy, root, file } = fleet({ docker: "", gcloud });
    await deploy("cloud-run");
    const first = readState(file)["cloud-run all-wind-server"]?.image ?? "";
    writeFiles(root, { "servers/wind-server/src/server.ts": "export const changed = true;\n" });
    await deploy("cloud-run");
    expect(readState(file)["cloud-run all-wind-server"]).toMatchObject({
      former: { image: first },
    });
    const { lines, calls } = await deploy("cloud-run", { back: true });
    expect(lines[0]).toBe(`back     cloud-run all-wind-server to ${first}`);
    expect(lines[1]).toContain(
      "FAILED   cloud-run all-rain-server: nothing is noted of what ran before",
    );
    expect(calls.some((call) => call.startsWith("docker"))).toBe(false);
    expect(readFileSync(seen, "utf8")).toContain(`image: ${first}`);
    // it is not what is here, so the next time it is deployed again
    expect((await deploy("cloud-run")).lines[0]).toBe("deployed cloud-run all-wind-server");
  });

  test("a host with a memory of its own is deployed to again, once it went back", async () => {
    const { deploy, root } = fleet();
    await deploy();
    writeFiles(root, { "servers/wind-server/src/server.ts": "export const changed = true;\n" });
    await deploy();
    expect((await deploy("kubernetes", { back: true })).lines[0]).toBe(
      "back     kubernetes all-wind-server",
    );
    expect((await deploy()).lines[0]).toBe("deployed kubernetes all-wind-server");
  });

  test("settings alone that do not work are taken back too, with the image they came with", async () => {
    const seen = join(tempFolder(), "seen.yaml");
    const { deploy, root } = fleet({
      docker: "",
      gcloud: `/bin/cat deploy/cloud-run.yaml > ${seen}`,
    });
    await deploy("cloud-run");
    const changed = "export const changed = true;\n";
    writeFiles(root, { "servers/rain-server/server.ts": changed });
    await deploy("cloud-run");
    const before = readFileSync(seen, "utf8");
    const smoke = async () => ({ ok: false, output: "tools/list: 502" });
    const bigger = { cpu: 4, memoryMiB: 4_096 };
    const { lines } = await deploy("cloud-run", { smoke }, { ...tier, resources: bigger });
    expect(lines).toContainEqual(expect.stringContaining("so the former one is back"));
    expect(readFileSync(seen, "utf8")).toBe(before);
  });
});

test.skipIf(process.platform === "win32")(
  "a program is found as a shell finds it: a file that may be run",
  () => {
    const folder = tempFolder({ plain: "", tool: "", "folder/x": "" });
    chmodSync(join(folder, "tool"), 0o755);
    const env = { PATH: ["", join(folder, "nowhere"), folder].join(delimiter) };
    expect(programFile("tool", env)).toBe(join(folder, "tool"));
    expect(programFile("plain", env)).toBeUndefined();
    expect(programFile("folder", env)).toBeUndefined();
    expect(() => withProgram(step("nothing here"), [], env)).toThrow("nothing is not on the PATH");
  },
);

test("only what a target asks for is filled in", () => {
  const target = TARGETS["aws-ecs"];
  const env = { ECS_CLUSTER: "one", HOME: "/home/you" };
  const text = `${given("ECS_CLUSTER")} ${given("HOME")}`;
  expect(fillIn(text, target, env)).toBe(`one ${given("HOME")}`);
  expect(() => fillIn(given("AWS_REGION"), target, env)).toThrow("not set: AWS_REGION, the region");
});

test.skipIf(process.platform === "win32")(
  "the hash of a server changes with what it is built from, and with nothing else",
  () => {
    const root = tempRepository({
      "a/src/server.ts": "one",
      "a/package.json": "{}",
      "a/README.md": "x",
    });
    const folder = join(root, "a");
    const first = contentHash(folder);
    writeFiles(folder, { "README.md": "y", "tests/a.test.ts": "", "deploy/fly.toml": "" });
    expect(contentHash(folder)).toBe(first);
    symlinkSync("src", join(folder, "link"));
    expect(contentHash(folder)).not.toBe(first);
    rmSync(join(folder, "link"));
    writeFiles(folder, { "src/server.ts": "two" });
    expect(contentHash(folder)).not.toBe(first);
    expect(placeHash(first, { a: "b" })).not.toBe(placeHash(first, { a: "c" }));
  },
);

test("a note that cannot be read says what to do", () => {
  const file = join(tempFolder({ "staging.json": "{ half" }), "staging.json");
  expect(() => readState(file)).toThrow(/staging.json cannot be read .*: remove it to go on/);
  const fresh = join(dirname(file), "deep", "other.json");
  const one = { hash: "1", image: "i:1", files: { a: "1" }, at: "now" };
  const two = { hash: "2", image: "i:1", files: { a: "2" }, at: "now" };
  notePlace(fresh, "a b", one);
  notePlace(fresh, "a b", two);
  notePlace(fresh, "a b", { ...two, at: "later" });
  expect(readState(fresh)["a b"]).toEqual({ ...two, at: "later", former: one });
  notePlace(fresh, "a b", undefined);
  expect(readState(fresh)).toEqual({});
});
