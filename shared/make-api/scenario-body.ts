import { isObject } from "./open-answer.ts";

interface Content {
  blueprint?: Record<string, unknown> | undefined;
  scheduling?: unknown;
  /** `metadata` of Make's blueprint answer: inputs and outputs of the scenario. */
  metadata?: unknown;
}

/** What a scenario takes in and gives out, as Make wants it beside the blueprint. */
interface Specs {
  input_spec: unknown;
  output_spec: unknown;
}

/**
 * The body of POST and PATCH /scenarios: blueprint and scheduling as JSON in strings, inputs and
 * outputs beside them. A blueprint as Make's own clients export it carries `scheduling` and
 * `interface` (or `io`) inside; they are taken out, as those clients do (@makehq/sdk 1.6.10).
 */
export function scenarioBody({
  blueprint,
  scheduling,
  metadata,
}: Content): Record<string, unknown> {
  const { scheduling: inner, interface: own, io, ...bare } = blueprint ?? {};
  const when = inner ?? scheduling;
  const specs = specsOf(io) ?? specsOf(own) ?? specsOf(metadata);
  return {
    ...(blueprint && { blueprint: JSON.stringify(bare) }),
    ...(when !== undefined && when !== null && { scheduling: JSON.stringify(when) }),
    ...(blueprint && { metadata: specs ?? { input_spec: [], output_spec: [] } }),
  };
}

function specsOf(value: unknown): Specs | undefined {
  if (!isObject(value)) return undefined;
  const input = value.input_spec ?? value.input;
  const output = value.output_spec ?? value.output;
  if (input === undefined && output === undefined) return undefined;
  return { input_spec: input ?? [], output_spec: output ?? [] };
}
