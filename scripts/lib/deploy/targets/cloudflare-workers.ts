import { environmentOf, type Shipment } from "../shipment.ts";
import { step, type Target } from "../target.ts";
import { jsoncText } from "../texts.ts";

const FILE = "deploy/wrangler.jsonc";

/** From this date on the runtime has what a server asks of Node: process.env among others. */
const COMPATIBILITY_DATE = "2026-08-01";

export const cloudflareWorkers: Target = {
  name: "cloudflare-workers",
  title: "Cloudflare Workers",
  files: (shipment) => ({ [FILE]: jsoncText(worker(shipment)) }),
  tools: [
    {
      names: ["wrangler"],
      from: "https://developers.cloudflare.com/workers/wrangler/install-and-update/",
    },
  ],
  pullsImage: false,
  takesBuild: true,
  steps: () => [step(`wrangler deploy --config ${FILE}`)],
  rollback: () => [step(`wrangler rollback --config ${FILE} --yes`)],
};

const worker = (shipment: Shipment) => ({
  name: shipment.instance,
  main: "../dist/server.js",
  compatibility_date: COMPATIBILITY_DATE,
  compatibility_flags: ["nodejs_compat"],
  // a module there has no address, which code that was written for CommonJS asks for
  define: { "import.meta.url": '"file:///server.js"' },
  workers_dev: true,
  observability: { enabled: true },
  vars: { CF_WORKER: "1", ...environmentOf(shipment) },
});
