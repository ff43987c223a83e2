import type { Sandbox } from "../sandbox/sandbox.ts";
import type { Job } from "./job.ts";
import { type InputOf, READINGS, type ReadingName, type ResultOf } from "./readings.ts";

/** Whoever does the reading for the tools: a thread of its own, or this one. */
export interface Reader {
  run<N extends ReadingName>(name: N, input: InputOf<N>, job: Job): Promise<ResultOf<N>>;
  close(): Promise<void>;
}

/** Reads in this thread: from source, where there is no built thread to start. */
export const readerOn = (sandbox: Sandbox): Reader => ({
  run: (name, input, job) => runReading(sandbox, name, input, job),
  close: async () => {},
});

export function runReading<N extends ReadingName>(
  sandbox: Sandbox,
  name: N,
  input: InputOf<N>,
  job: Job,
): Promise<ResultOf<N>> {
  // the table pairs each name with its input, which its type cannot say
  const reading = READINGS[name] as unknown as (
    sandbox: Sandbox,
    input: InputOf<N>,
    job: Job,
  ) => Promise<ResultOf<N>>;
  return reading(job.within ? sandbox.narrowed(job.within) : sandbox, input, job);
}
