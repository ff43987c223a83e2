import * as z from "zod";

/** What the tools of two numbers share. */
export const operand = (describe: string) => z.number().describe(describe);
export const decimal = () => z.string().describe("The result in up to 40 significant digits");
export const pure = { readOnlyHint: true, idempotentHint: true, openWorldHint: false } as const;
