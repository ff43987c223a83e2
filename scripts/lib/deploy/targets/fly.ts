import { environmentOf, regionAmong, replicasOf, type Shipment } from "../shipment.ts";
import { step, type Target } from "../target.ts";
import { tomlText } from "../texts.ts";

const FILE = "deploy/fly.toml";

/** Above this a machine's CPUs are its own; Fly has no shared ones beyond it. */
const MOST_SHARED_CPUS = 8;
const MIB_STEP = 256;
/** Longer than the 30 s in which a server finishes what runs. */
const KILL_TIMEOUT_SECONDS = 35;

export const fly: Target = {
  name: "fly",
  title: "Fly.io",
  files: (shipment) => ({ [FILE]: tomlText(app(shipment)) }),
  tools: [{ names: ["flyctl", "fly"], from: "https://fly.io/docs/flyctl/install/" }],
  pullsImage: false,
  steps: (shipment) => [
    step(`flyctl deploy . --config ${FILE} --dockerfile Dockerfile --remote-only`),
    step(
      `flyctl scale count ${Math.max(1, replicasOf(shipment).min)} --app ${shipment.instance} --yes`,
    ),
  ],
};

function app(shipment: Shipment) {
  const { facts, instance, resources } = shipment;
  const region = regionAmong(shipment, /^[a-z]{3}$/);
  const { volume } = facts.deploy;
  return {
    app: instance,
    ...(region && { primary_region: region }),
    kill_signal: "SIGTERM",
    kill_timeout: KILL_TIMEOUT_SECONDS,
    build: { dockerfile: "../Dockerfile" },
    env: environmentOf(shipment),
    http_service: {
      internal_port: facts.server.port,
      force_https: true,
      auto_stop_machines: "suspend",
      auto_start_machines: true,
      min_machines_running: replicasOf(shipment).min,
      concurrency: { type: "requests", soft_limit: 80, hard_limit: 200 },
      checks: [
        { method: "GET", path: "/ready", interval: "15s", timeout: "5s", grace_period: "5s" },
      ],
    },
    vm: [
      {
        cpu_kind: resources.cpu > MOST_SHARED_CPUS ? "performance" : "shared",
        cpus: Math.max(1, 2 ** Math.ceil(Math.log2(resources.cpu))),
        memory: `${Math.ceil(resources.memoryMiB / MIB_STEP) * MIB_STEP}mb`,
      },
    ],
    ...(volume && { mounts: [{ source: "data", destination: volume.path }] }),
  };
}
