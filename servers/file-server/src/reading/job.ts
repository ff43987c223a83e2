/** What a reading takes beside its input, as it comes with the call. */
export interface Job {
  signal: AbortSignal;
  /** The client's roots, which narrow the allowed folders. */
  within?: readonly string[];
  progress(done: number, total?: number, message?: string): void;
}
