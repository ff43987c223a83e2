// Copied from shared/make-api/shapes.ts by "pnpm shared:copy": edit it there, or keep a local change with "pnpm shared:detach".
import * as z from "zod";
import { count, day, id, moment } from "./values.ts";

/**
 * What Make answers, as far as tools rely on it: further fields pass, a field that a figure is made
 * of must be right. Every shape is loose, because live answers hold more than the documentation.
 */

const text = () => z.string().nullish();
const person = () => z.looseObject({ id: id(), name: text(), email: text() }).nullish();

export const scenario = z.looseObject({
  id: id(),
  name: z.string(),
  teamId: id().nullish(),
  folderId: id().nullish(),
  hookId: id().nullish(),
  isActive: z.boolean().nullish(),
  islinked: z.boolean().nullish(),
  isinvalid: z.boolean().nullish(),
  isPaused: z.boolean().nullish(),
  isShared: z.boolean().nullish(),
  dlqCount: count().nullish(),
  usedPackages: z.array(z.string()).nullish(),
  lastEdit: moment().nullish(),
  created: moment().nullish(),
  nextExec: moment().nullish(),
  scheduling: z.looseObject({ type: text(), interval: count().nullish() }).nullish(),
  createdByUser: person(),
  updatedByUser: person(),
});

/** Fields by name; nothing may be an empty list. */
const fields = () =>
  z.union([z.record(z.string(), z.unknown()), z.array(z.unknown()).max(0)]).nullish();

/** A module of a blueprint; modules stand in its routes and error handlers again. */
const module = z.looseObject({
  id: z.int(),
  module: z.string(),
  version: z.number().nullish(),
  parameters: fields(),
  mapper: fields(),
  get routes() {
    return z.array(z.looseObject({ flow: z.array(module).nullish() })).nullish();
  },
  get onerror() {
    return z.array(module).nullish();
  },
});

export const blueprintAnswer = z.looseObject({
  blueprint: z.looseObject({ name: text(), flow: z.array(module) }),
  scheduling: z.unknown().optional(),
  created: moment().nullish(),
  last_edit: moment().nullish(),
});

export const blueprintVersion = z.looseObject({
  version: count(),
  created: moment(),
  draft: z.boolean().nullish(),
  versionDescription: text(),
});

/** A run has status and duration; starts, stops and changes are rows of the same list without them. */
export const logRow = z.looseObject({
  imtId: z.string(),
  id: z.string(),
  type: text(),
  timestamp: moment(),
  status: z.literal([1, 2, 3]).nullish(),
  duration: count().nullish(),
  operations: count().nullish(),
  transfer: count().nullish(),
  centicredits: count().nullish(),
  authorId: id().nullish(),
  error: z.looseObject({ name: text(), message: text() }).nullish(),
});

/** What one module did in one run. */
export const moduleLog = z.looseObject({
  status: z.literal([1, 2, 3]).nullish(),
  bundles: count().nullish(),
  size: count().nullish(),
  error: z.looseObject({ name: text(), message: text() }).nullish(),
});

export const execution = z.looseObject({
  status: z.enum(["RUNNING", "SUCCESS", "WARNING", "ERROR"]),
  error: z.looseObject({ name: text(), message: text() }).nullish(),
});

export const usageDay = z.looseObject({
  date: day(),
  operations: count(),
  dataTransfer: count().nullish(),
  centicredits: count().nullish(),
});

export const consumption = z.looseObject({
  scenarioId: id(),
  operations: count(),
  transfer: count().nullish(),
  centicredits: count().nullish(),
});

export const organization = z.looseObject({
  id: id(),
  name: z.string(),
  license: z
    .looseObject({
      apiLimit: count().nullish(),
      operations: count().nullish(),
      retention: count().nullish(),
      restartPeriod: text(),
      customVariables: z.boolean().nullish(),
    })
    .nullish(),
  operations: count().nullish(),
  transfer: count().nullish(),
  centicreditsConsumed: count().nullish(),
  operationsExt: count().nullish(),
  centicreditsExtra: count().nullish(),
  unusedOperations: count().nullish(),
  unusedCenticredits: count().nullish(),
  lastReset: moment().nullish(),
  nextReset: moment().nullish(),
});

export const team = z.looseObject({
  id: id(),
  name: z.string(),
  operationsLimit: count().nullish(),
  transferLimit: count().nullish(),
  consumedOperations: count().nullish(),
  consumedTransfer: count().nullish(),
  consumedCenticredits: count().nullish(),
  isPaused: z.boolean().nullish(),
});

export const user = z.looseObject({
  id: id(),
  name: text(),
  email: text(),
  lastLogin: moment().nullish(),
  tfaStatus: count().nullish(),
});

export const role = z.looseObject({
  id: id(),
  name: z.string(),
  category: text(),
  permissions: z.array(z.string()).nullish(),
});

export const organizationRole = z.looseObject({
  userId: id(),
  usersRoleId: id().nullish(),
  invitation: z.unknown().optional(),
});
export const teamRole = z.looseObject({
  userId: id(),
  teamId: id().nullish(),
  usersRoleId: id().nullish(),
});

export const connection = z.looseObject({
  id: id(),
  name: z.string(),
  accountName: text(),
  accountType: text(),
  teamId: id().nullish(),
  expire: moment().nullish(),
  scopesCnt: count().nullish(),
  scoped: z.boolean().nullish(),
  authorId: id().nullish(),
  scopes: z.array(z.unknown()).nullish(),
});

export const hook = z.looseObject({
  id: id(),
  name: z.string(),
  teamId: id().nullish(),
  type: text(),
  typeName: text(),
  scenarioId: id().nullish(),
  queueCount: count().nullish(),
  queueLimit: count().nullish(),
  enabled: z.boolean().nullish(),
  gone: z.boolean().nullish(),
  url: text(),
});

export const key = z.looseObject({
  id: id(),
  name: z.string(),
  typeName: text(),
  teamId: id().nullish(),
});
export const folder = z.looseObject({
  id: id(),
  name: z.string(),
  parentId: id().nullish(),
  scenariosTotal: count().nullish(),
});

export const variable = z.looseObject({
  name: z.string(),
  typeId: count().nullish(),
  value: z.unknown(),
  isSystem: z.boolean().nullish(),
});

export const template = z.looseObject({
  id: id(),
  name: z.string(),
  usedApps: z.array(z.string()).nullish(),
});
export const dlq = z.looseObject({
  id: z.string(),
  reason: text(),
  created: moment().nullish(),
  size: count().nullish(),
  resolved: z.boolean().nullish(),
  attempts: count().nullish(),
});

/** What only passes through: an object, whatever it holds. */
export const thing = z.looseObject({});
/** The same with the id that a path is made of. */
export const numbered = z.looseObject({ id: id(), name: text() });
export const named = z.looseObject({ id: z.union([z.number(), z.string()]), name: text() });

export const apiToken = z.looseObject({
  label: text(),
  scope: z.array(z.string()),
  created: moment().nullish(),
});
export const grant = z.looseObject({
  clientName: text(),
  lastUsedAt: moment().nullish(),
  scopes: z.array(z.string()).nullish(),
});
export const authorization = z.looseObject({ scope: z.array(z.string()), authUsed: text() });

export const auditLog = z.looseObject({
  uuid: z.string(),
  eventName: z.string(),
  triggeredAt: moment(),
  actor: person(),
  team: z.looseObject({ id: id().nullish(), name: text() }).nullish(),
});

export const ssoCertificate = z.looseObject({
  id: z.union([z.number(), z.string()]),
  validFrom: moment().nullish(),
  validTo: moment(),
  status: text(),
});

export const notification = z.looseObject({
  id: z.union([z.number(), z.string()]),
  subject: text(),
  read: moment().nullish(),
  created: moment().nullish(),
});

export const agent = z.looseObject({
  id: z.string(),
  name: z.string(),
  teamId: id().nullish(),
  makeConnectionId: id().nullish(),
  scenarios: z
    .array(z.looseObject({ makeScenarioId: id().nullish(), approvalMode: text() }))
    .nullish(),
  mcpConfigs: z.array(z.looseObject({ name: text(), mcpConnectionId: id().nullish() })).nullish(),
  llmConfig: z.looseObject({ maxTokens: count().nullish() }).nullish(),
  invocationConfig: z.looseObject({ recursionLimit: count().nullish() }).nullish(),
});
/** Connections of a team's models, and their names. */
export const llmConfiguration = z.looseObject({
  aiMappingAccountId: id().nullish(),
  aiMappingModelName: text(),
  aiToolkitAccountId: id().nullish(),
  aiToolkitModelName: text(),
});
export const payment = z.looseObject({
  id: z.string(),
  created: moment().nullish(),
  amount_total: count().nullish(),
  currency_code: text(),
});
export const incomingLog = z.looseObject({
  id: z.string().nullish(),
  loggedAt: moment().nullish(),
});
export const shared = z.looseObject({ id: z.string(), scenarioId: id(), shareUrl: text() });
