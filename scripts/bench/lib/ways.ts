import { UsageError } from "../../lib/args.ts";

/** Whether the servers of others are measured too, as `--ways` has it. */
export function waysOf({ ways = "all" }: Record<string, unknown>): "all" | "own" {
  if (ways === "all" || ways === "own") return ways;
  throw new UsageError(`--ways is all or own, not "${String(ways)}"`);
}
