import { defineToolFor } from "#shared/core/definition.ts";
import type { FilesConfig } from "./config.ts";
import type { FilesServices } from "./services.ts";

export const defineTool = defineToolFor<FilesConfig, FilesServices>();
