import { environmentOf, type Shipment } from "../shipment.ts";
import { step, type Target } from "../target.ts";
import { jsonText } from "../texts.ts";

/** The Build Output API: what Vercel runs as it is, without a build of its own. */
const OUTPUT = "deploy/vercel/.vercel/output";
const FUNCTION = `${OUTPUT}/functions/index.func`;

export const vercel: Target = {
  name: "vercel",
  title: "Vercel",
  files: (shipment) => ({
    [`${OUTPUT}/config.json`]: jsonText({
      version: 3,
      routes: [{ src: "/.*", dest: "/index" }],
    }),
    [`${FUNCTION}/.vc-config.json`]: jsonText(settings(shipment)),
    // it is looked for in its own folder, where "dist" is put when it is shipped
    [`${FUNCTION}/index.js`]:
      '// Written by pnpm generate. Do not edit.\nexport { default } from "./dist/server.js";\n',
  }),
  tools: [{ names: ["vercel"], from: "https://vercel.com/docs/cli" }],
  pullsImage: false,
  takesBuild: true,
  steps: ({ facts, profile }) => [
    step(`cp -R dist package.json ${FUNCTION}`),
    // what is not in the bundle
    ...(facts.package.runtimePackages.length > 0
      ? [step(`npm install --omit=dev --no-package-lock --prefix ${FUNCTION}`)]
      : []),
    step(
      `vercel deploy --prebuilt --yes --cwd deploy/vercel${profile === "production" ? " --prod" : ""}`,
    ),
  ],
  rollback: () => [step("vercel rollback --yes --cwd deploy/vercel")],
};

const settings = (shipment: Shipment) => ({
  runtime: "nodejs24.x",
  handler: "index.js",
  launcherType: "Nodejs",
  shouldAddHelpers: false,
  supportsResponseStreaming: true,
  environment: environmentOf(shipment),
});
