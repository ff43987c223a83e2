import { defineToolFor } from "#shared/core/definition.ts";
import type { WeatherConfig } from "./config.ts";
import type { WeatherServices } from "./services.ts";

export const defineTool = defineToolFor<WeatherConfig, WeatherServices>();

/** Every tool here only asks others. */
export const asks = { readOnlyHint: true, idempotentHint: true, openWorldHint: true } as const;
