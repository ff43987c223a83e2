import * as z from "zod";
import type { Annotations, AnyTool } from "#shared/core/definition.ts";
import {
  type MakeCall,
  type MakeContext,
  type OpenedCall,
  openCall,
  Preview,
  type Source,
} from "./call.ts";
import type { EndpointKey } from "./endpoints.ts";
import { Refused } from "./errors.ts";

/** Scans wait for the organisation's rate limit, milliseconds. */
export const SCAN_DEADLINE_MS = 900_000;

/** `write` changes something that can be changed back; `destroy` does not, and takes `confirm`. */
export type Access = "read" | "write" | "destroy";

/** What is known of a tool beside its definition; the README's tables are made of it. */
export interface MakeTraits {
  category: string;
  access: Access;
  /** Where its answers come from. */
  sources: readonly Source[];
  /** Endpoints of Make that it may call; the scopes it needs follow from them. */
  calls: readonly EndpointKey[];
}

export interface MakeSpec<I extends z.ZodRawShape, O extends z.ZodRawShape> {
  name: string;
  title: string;
  description: string;
  access: Access;
  sources: readonly Source[];
  calls: readonly EndpointKey[];
  /** It reaches beyond Make: runs a scenario, asks a third party. */
  outside?: true;
  /** The same call again changes nothing more. Reads are always so. */
  idempotent?: true;
  /** It keeps something in MAKE_STATE_DIR and changes nothing at Make: MAKE_WRITES is not asked for. */
  local?: true;
  /** Reads many things one by one. */
  scan?: true;
  input: I;
  /** The fields of `data`. */
  output: O;
  run(input: z.output<z.ZodObject<I>>, make: MakeCall): Promise<z.input<z.ZodObject<O>> & object>;
}

/** A tool of this kind: a definition like any other, and what is known of it. */
export type MakeTool = AnyTool & { make: MakeTraits };

const told = {
  preview: z.looseObject({}).optional().describe("What would be done"),
  unavailable: z.looseObject({}).optional().describe("Refused: reason and need"),
  source: z.array(z.enum(["api", "computed", "local"])).describe("Origin"),
  partial: z.array(z.looseObject({})).optional().describe("What is missing"),
  warnings: z.array(z.string()).optional().describe("For the user"),
  rateLimit: z.looseObject({}).optional().describe("Calls, limit"),
};

/** Every tool that destroys takes this; without it, the call only shows what it would do. */
const confirm = z
  .boolean()
  .default(false)
  .describe("true: do it. Else only show what would be done");

/** The tools of one category, which is also the toolset that switches them on. */
export function toolsOf(category: string) {
  return <I extends z.ZodRawShape, O extends z.ZodRawShape>(spec: MakeSpec<I, O>): MakeTool => {
    const { name, title, description, access, sources, calls } = spec;
    const inputSchema = z.object(access === "destroy" ? { ...spec.input, confirm } : spec.input);
    const outputSchema = z.object({
      data: z.looseObject(spec.output).optional().describe("The answer"),
      ...told,
    });
    const tool: AnyTool = {
      name,
      title,
      description,
      toolset: category,
      inputSchema,
      outputSchema,
      annotations: annotationsOf(spec),
      ...(access !== "read" && !spec.local && { feature: "MAKE_WRITES" }),
      ...(spec.scan && { deadlineMs: SCAN_DEADLINE_MS }),
      handler: async (input: z.output<z.ZodObject<I>>, context: MakeContext) => {
        const opened = await openCall(context, { tool: name, asks: calls.length > 0, input });
        for (const source of sources) if (source !== "api") opened.make.from(source);
        const outcome = await settle(() => spec.run(input, opened.make));
        return { ...outcome, ...(await tell(opened)) };
      },
    };
    return { ...tool, make: { category, access, sources, calls } };
  };
}

function annotationsOf({
  access,
  outside,
  idempotent,
}: Pick<MakeSpec<never, never>, "access" | "outside" | "idempotent">): Annotations {
  const openWorldHint = outside === true;
  if (access === "read") return { readOnlyHint: true, idempotentHint: true, openWorldHint };
  return {
    readOnlyHint: false,
    destructiveHint: access === "destroy",
    idempotentHint: idempotent === true,
    openWorldHint,
  };
}

/** A refusal and a preview are answers, not failures. */
async function settle<T extends object>(work: () => Promise<T>) {
  try {
    return { data: await work() };
  } catch (error) {
    if (error instanceof Preview) return { preview: error.preview };
    if (error instanceof Refused) return { unavailable: { ...error.refusal } };
    throw error;
  }
}

async function tell({ make, told }: OpenedCall) {
  const { sources, missing, warnings, calls } = told;
  return {
    source: [...sources].sort(),
    ...(missing.length > 0 && { partial: missing.map((each) => ({ ...each })) }),
    ...(warnings.length > 0 && { warnings }),
    ...(calls > 0 && { rateLimit: { calls, perMinute: await make.account.budget.limit() } }),
  };
}
