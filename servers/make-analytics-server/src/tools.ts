import { statusTool } from "#shared/make-api/status.ts";
import type { MakeTool } from "#shared/make-api/tool.ts";
import { aiGovernanceEngine } from "./tools/ai-governance-engine.ts";
import { analytics } from "./tools/analytics.ts";
import { auditCompliance } from "./tools/audit-compliance.ts";
import { budgetControl } from "./tools/budget-control.ts";
import { certificates } from "./tools/certificates.ts";
import { cicdIntegration } from "./tools/cicd-integration.ts";
import { compliancePolicy } from "./tools/compliance-policy.ts";
import { logStreaming } from "./tools/log-streaming.ts";
import { multiTenantSecurity } from "./tools/multi-tenant-security.ts";
import { namingConventionPolicy } from "./tools/naming-convention-policy.ts";
import { notifications } from "./tools/notifications.ts";
import { performanceAnalysis } from "./tools/performance-analysis.ts";
import { policyComplianceValidation } from "./tools/policy-compliance-validation.ts";
import { procedures } from "./tools/procedures.ts";
import { realTimeMonitoring } from "./tools/real-time-monitoring.ts";
import { runbooks } from "./tools/runbooks.ts";
import { scenarioArchivalPolicy } from "./tools/scenario-archival-policy.ts";
import { zeroTrustAuth } from "./tools/zero-trust-auth.ts";

/** In the order in which they are listed. */
const ofCategories: MakeTool[] = [
  ...analytics,
  ...performanceAnalysis,
  ...realTimeMonitoring,
  ...logStreaming,
  ...auditCompliance,
  ...policyComplianceValidation,
  ...compliancePolicy,
  ...zeroTrustAuth(() => ofCategories),
  ...multiTenantSecurity,
  ...cicdIntegration,
  ...runbooks(() => ofCategories),
  ...procedures,
  ...namingConventionPolicy,
  ...scenarioArchivalPolicy,
  ...notifications,
  ...budgetControl,
  ...certificates,
  ...aiGovernanceEngine,
];

export const tools: MakeTool[] = [
  statusTool("analytics_status", "What the token can do", ofCategories),
  ...ofCategories,
];
