import type * as z from "zod";
import { defineToolFor, type ToolDefinition } from "#shared/core/definition.ts";
import { narrowed } from "./client-roots.ts";
import type { FilesConfig } from "./config.ts";
import type { FilesServices } from "./services.ts";

const define = defineToolFor<FilesConfig, FilesServices>();

/** A tool of this server; none reaches beyond the client's roots where the owner wants that. */
export const defineTool = <I extends z.ZodObject, O extends z.ZodObject>(
  tool: ToolDefinition<I, O, FilesConfig, FilesServices>,
) =>
  define<I, O>({
    ...tool,
    handler: async (input, context) => tool.handler(input, await narrowed(context)),
  });
