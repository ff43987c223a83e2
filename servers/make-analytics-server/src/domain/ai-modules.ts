import { type Module, modulesOf, textsIn } from "#shared/make-api/blueprint.ts";
import type { WithBlueprint } from "#shared/make-api/scan.ts";

/** Apps of Make that send data to a model, by how their names begin, and whose models they are. */
const PROVIDERS: readonly [RegExp, string][] = [
  [/^(openai|whisper|dall-?e)/, "OpenAI"],
  [/^azure-?openai/, "Microsoft"],
  [/^anthropic/, "Anthropic"],
  [/^(gemini|google-(vertex|gemini|ai|cloud-(vision|speech|natural)))/, "Google"],
  [/^mistral/, "Mistral"],
  [/^perplexity/, "Perplexity"],
  [/^(deepseek)/, "DeepSeek"],
  [/^(grok|xai)/, "xAI"],
  [/^cohere/, "Cohere"],
  [/^groq/, "Groq"],
  [/^openrouter/, "OpenRouter"],
  [/^hugging-?face/, "Hugging Face"],
  [/^(replicate|stability|elevenlabs|leonardo|synthesia|heygen)/, "Media models"],
  [/^(aws|amazon)-?bedrock/, "Amazon"],
  [/^(ai-local-agent|ai-agent|make-ai|ai-tools|ai-toolkit|make-agent)/, "Make"],
];

export interface AiModule extends Record<string, unknown> {
  scenarioId: number;
  scenario: string;
  teamId: number | null;
  moduleId: number;
  module: string;
  provider: string;
  /** As the blueprint names it; null leaves it to the app, an expression is filled in at run time. */
  model: string | null;
  connectionId: number | null;
}

const providerOf = (app: string): string | undefined =>
  PROVIDERS.find(([pattern]) => pattern.test(app))?.[1];

const MODEL_NAMES = /^(model|modelId|modelName|deployment|defaultModel)$/i;

export interface WithModule {
  found: AiModule;
  module: Module;
}

/** The modules of scenarios that send data to a model. */
export function aiModulesOf(scenarios: readonly WithBlueprint[]): WithModule[] {
  return scenarios.flatMap(({ scenario, answer }) =>
    modulesOf(answer.blueprint).flatMap((module) => {
      const provider = providerOf(module.app);
      if (provider === undefined) return [];
      const texts = [...textsIn(module.mapper), ...textsIn(module.parameters)];
      const { __IMTCONN__: connection } = module.parameters;
      const found: AiModule = {
        scenarioId: scenario.id,
        scenario: scenario.name,
        teamId: scenario.teamId ?? null,
        moduleId: module.id,
        module: module.module,
        provider,
        model: texts.find(({ name }) => MODEL_NAMES.test(name))?.text ?? null,
        connectionId: typeof connection === "number" ? connection : null,
      };
      return [{ found, module }];
    }),
  );
}
