// Copied from shared/core/platform.ts by "pnpm shared:copy": edit it there, or keep a local change with "pnpm shared:detach".
/** Where the process runs: it only sets defaults, and every variable wins over it. */
export interface Platform {
  name: string;
  /** Then the server listens on every address, and no `.env` is read. */
  cloud: boolean;
}

/** Variables that each host sets by itself, by its own documentation. */
const MARKS: readonly [name: string, variable: string][] = [
  ["aws-lambda", "AWS_LAMBDA_FUNCTION_NAME"],
  ["cloud-run", "K_SERVICE"],
  ["fly", "FLY_APP_NAME"],
  ["render", "RENDER"],
  ["railway", "RAILWAY_ENVIRONMENT_NAME"],
  ["azure-container-apps", "CONTAINER_APP_NAME"],
  ["azure-app-service", "WEBSITE_SITE_NAME"],
  ["aws-ecs", "ECS_CONTAINER_METADATA_URI_V4"],
  ["vercel", "VERCEL"],
  ["cloudflare-workers", "CF_WORKER"],
  ["kubernetes", "KUBERNETES_SERVICE_HOST"],
];

export function detectPlatform(env: Readonly<Record<string, string | undefined>>): Platform {
  const found = MARKS.find(([, variable]) => env[variable]);
  return found ? { name: found[0], cloud: true } : { name: "local", cloud: false };
}
