import { encode } from "gpt-tokenizer/encoding/o200k_base";
import type { LockedTool } from "./tools-lock.ts";

/** How tokens are counted here, for whoever reads the figure. */
export const TOKEN_METHOD =
  "o200k_base by gpt-tokenizer, of each tool's name, description and input schema as JSON; other models count somewhat otherwise";

/** What a model is given of each tool in every conversation, before one is used. */
export function toolTokens(tools: readonly LockedTool[]): number {
  return tools.reduce((sum, { name, description, inputSchema }) => {
    const shown = JSON.stringify({ name, description, input_schema: inputSchema });
    return sum + encode(shown).length;
  }, 0);
}
