// Copied from shared/core/instance.ts by "pnpm shared:copy": edit it there, or keep a local change with "pnpm shared:detach".
import { type ConfigDefinition, namesAmong, parseConfig, whenGiven } from "./config.ts";
import type { Instance, OpenOptions, ServerEvent, ServerModule } from "./contract.ts";
import {
  type AnyTool,
  DEFAULT_DEADLINE_MS,
  emptyConfig,
  type ServerDefinition,
} from "./definition.ts";
import { healthReport, type NamedCheck } from "./health.ts";
import { lazily } from "./lazily.ts";
import { createLog } from "./log.ts";
import { parse } from "./parse.ts";
import { promptHandlers } from "./prompts.ts";
import { resourceHandlers } from "./resources.ts";
import { inputError, toErrorResult, toResult } from "./result.ts";
import { isThenable } from "./run.ts";
import { invalidParams, type Runtime, runHandler } from "./runtime.ts";
import { isShown, resolveToolsets, toolsetNames } from "./selection.ts";
import { createServices } from "./services.ts";
import { createStateSeal } from "./state.ts";

/** Opens a server for one environment. Throws a ConfigError; starts nothing else. */
export function openInstance(
  module: ServerModule,
  definition: ServerDefinition,
  options: OpenOptions,
): Instance {
  const now = options.now ?? (() => new Date());
  const startedAt = now().getTime();
  const runtime = createRuntime(module, definition, options, now);
  const shown = shownTools(module, definition, runtime);
  const health = () => healthReport(healthSource(module, definition, runtime, startedAt), now());
  const resources = resourceHandlers(definition.resources ?? [], runtime, health);
  const prompts = promptHandlers(definition, runtime);
  // a call needs no list, and over stdio the lock file has it
  const tools = lazily(() =>
    module.tools.map(({ listing }) => listing).filter(({ name }) => shown.has(name)),
  );
  return {
    get tools() {
      return tools();
    },
    resources: module.resources,
    resourceTemplates: module.resourceTemplates,
    get prompts() {
      return module.prompts;
    },
    call: (name, input, context) => {
      const tool = shown.get(name);
      return tool
        ? callTool(tool, input, runtime, context)
        : Promise.resolve(invalidParams(`Tool ${JSON.stringify(name)} not found`));
    },
    ...resources,
    ...prompts,
    health,
    close: async () => {
      resources.stopWatching();
      // told here, because this log knows the secrets that an error may quote
      await runtime.services
        .close()
        .catch((error: unknown) =>
          runtime.log.error("The server did not close cleanly", { error }),
        );
      await runtime.flushLog();
    },
  };
}

type CallTool = (
  tool: AnyTool,
  input: unknown,
  runtime: Runtime,
  context: Parameters<Instance["call"]>[2],
) => ReturnType<Instance["call"]>;

const callTool: CallTool = (tool, input, runtime, host) =>
  runHandler(runtime, host, {
    label: `tools/call ${tool.name}`,
    subject: ["tool", tool.name, input],
    deadlineMs: tool.deadlineMs ?? DEFAULT_DEADLINE_MS,
    run: (context) => {
      const parsed = parse(tool.inputSchema, input ?? {});
      if (!parsed.success) throw inputError(tool.name, parsed.error);
      const returned = tool.handler(parsed.data, context);
      // a handler that did not wait needs nothing that ends a wait
      return isThenable(returned)
        ? returned.then((value: unknown) => toResult(value, tool.outputSchema))
        : toResult(returned, tool.outputSchema);
    },
    fail: (error) => toErrorResult(error, runtime.now()),
  });

function createRuntime(
  module: ServerModule,
  definition: ServerDefinition,
  options: OpenOptions,
  now: () => Date,
): Runtime {
  const config = definition.config ?? emptyConfig;
  const { values, secrets } = parseConfig(withToolsets(config, module), options.env);
  const ownLog = createLog({ level: values.LOG_LEVEL, secrets, fields: { server: module.name } });
  const log = options.log ?? ownLog;
  return {
    config: values,
    secrets,
    hint: (name) => {
      const variable = config.variables[name as keyof typeof config.variables];
      return variable
        ? `${variable.describe}.${"from" in variable && variable.from ? ` Get one: ${variable.from}.` : ""}`
        : "";
    },
    services: createServices(definition.services ?? {}, { config: values as never, log, now }),
    log,
    flushLog: ownLog.flush,
    seal: createStateSeal(values.REQUEST_STATE_KEY),
    now,
    emit: (event: ServerEvent) => options.onEvent?.(event),
    callsInFlight: 0,
  };
}

/** TOOLSETS takes the names that this server knows, so a wrong one is reported with the other faults. */
function withToolsets(
  { variables }: ConfigDefinition,
  { toolsets }: ServerModule,
): ConfigDefinition {
  const { absent, describe } = variables.TOOLSETS;
  const TOOLSETS = whenGiven(() => namesAmong(toolsetNames(toolsets)), { absent, describe });
  return { variables: { ...variables, TOOLSETS } };
}

function shownTools(
  module: ServerModule,
  definition: ServerDefinition,
  { config }: Runtime,
): Map<string, AnyTool> {
  const toolsets = resolveToolsets(config.TOOLSETS, module.toolsets);
  const switches = {
    readOnly: config.READ_ONLY,
    isOn: (feature: string) => config[feature] === true,
  };
  return new Map(
    definition.tools
      .filter((tool) => isShown(tool, toolsets, switches))
      .map((tool) => [tool.name, tool]),
  );
}

function healthSource(
  module: ServerModule,
  definition: ServerDefinition,
  runtime: Runtime,
  startedAt: number,
) {
  const { services, config, callsInFlight } = runtime;
  const own = Object.entries(definition.checks ?? {}).map(
    ([name, check]): NamedCheck => [name, () => check({ config: config as never, services })],
  );
  const opened = services.opened().map((name): NamedCheck => [name, () => services.check(name)]);
  return {
    name: module.name,
    version: module.version,
    startedAt,
    callsInFlight,
    checks: [...own, ...opened],
    secrets: runtime.secrets,
  };
}
