import { statusTool } from "#shared/make-api/status.ts";
import type { MakeTool } from "#shared/make-api/tool.ts";
import { aiAgents } from "./tools/ai-agents.ts";
import { billing } from "./tools/billing.ts";
import { blueprintCollaboration } from "./tools/blueprint-collaboration.ts";
import { connections } from "./tools/connections.ts";
import { customApps } from "./tools/custom-apps.ts";
import { enterpriseSecrets } from "./tools/enterprise-secrets.ts";
import { folders } from "./tools/folders.ts";
import { marketplace } from "./tools/marketplace.ts";
import { permissions } from "./tools/permissions.ts";
import { scenarios } from "./tools/scenarios.ts";
import { sdk } from "./tools/sdk.ts";
import { templates } from "./tools/templates.ts";
import { variables } from "./tools/variables.ts";

/** In the order in which they are listed. */
const ofCategories: MakeTool[] = [
  ...scenarios,
  ...connections,
  ...permissions,
  ...variables,
  ...templates,
  ...folders,
  ...customApps,
  ...sdk,
  ...marketplace,
  ...billing,
  ...aiAgents,
  ...enterpriseSecrets,
  ...blueprintCollaboration,
];

export const tools: MakeTool[] = [
  statusTool("core_status", "What the token can do", ofCategories),
  ...ofCategories,
];
