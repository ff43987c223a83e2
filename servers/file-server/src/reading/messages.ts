import type { ErrorCode } from "#shared/core/errors.ts";
import type { SandboxOptions } from "../sandbox/sandbox.ts";
import type { Job } from "./job.ts";
import type { ReadingName } from "./readings.ts";

/** What the reading thread is started with. */
export type ThreadOptions = Omit<SandboxOptions, "strategy" | "calls">;

export type ToThread =
  | { id: number; name: ReadingName; input: never; within?: readonly string[] }
  | { id: number; cancel: true };

export type FromThread =
  | { id: number; progress: Parameters<Job["progress"]> }
  /** As JSON: a long list of objects crosses several times as quickly as one by one. */
  | { id: number; json: string }
  | { id: number; refusal: { code: ErrorCode; message: string; details: Record<string, unknown> } }
  | { id: number; error: unknown };
