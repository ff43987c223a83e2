import { z } from "zod";

/** How many tools a peer shows; the same ones as our own server of many tools. */
export const count = Number(process.env.BENCH_TOOLS ?? 1);

export const inputSchema = z.object({
  name: z.string().min(1).max(100).describe("Whom to greet"),
  times: z.int().min(1).max(10).default(1).describe("How many greetings"),
  loud: z.boolean().default(false).describe("Whether to shout"),
  tags: z.array(z.string().max(50)).max(10).default([]).describe("Words to add"),
});

export const outputSchema = z.object({ text: z.string().describe("The greeting") });

export const names = Array.from({ length: count }, (_, index) => `greet_${index}`);
export const describe = (name) => `Greets a person by name, in the way of ${name}.`;

export function greet({ name, times, loud, tags }) {
  const text = [Array(times).fill(`Hai ${name}`).join(" "), ...tags].join(" ");
  return { text: loud ? text.toUpperCase() : text };
}

export function toResult(value) {
  return { structuredContent: value, content: [{ type: "text", text: JSON.stringify(value) }] };
}
