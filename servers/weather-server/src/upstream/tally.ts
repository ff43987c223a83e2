/** What became of the requests to one host. */
export interface HostTally {
  host: string;
  requests: number;
  failures: number;
  lastAnswerAt: string | undefined;
  lastError: string | undefined;
}

export interface Tally {
  /** Counts a request to `url` and how `work` ends. */
  count<T>(url: string, work: () => Promise<T>): Promise<T>;
  hosts(): HostTally[];
}

export function createTally(now: () => Date): Tally {
  const byHost = new Map<string, HostTally>();
  const tallyOf = (host: string): HostTally => {
    const known = byHost.get(host);
    if (known) return known;
    const made = { host, requests: 0, failures: 0, lastAnswerAt: undefined, lastError: undefined };
    byHost.set(host, made);
    return made;
  };
  return {
    async count(url, work) {
      const tally = tallyOf(new URL(url).host);
      tally.requests += 1;
      try {
        const value = await work();
        tally.lastAnswerAt = now().toISOString();
        return value;
      } catch (error) {
        tally.failures += 1;
        tally.lastError = error instanceof Error ? error.message : String(error);
        throw error;
      }
    },
    hosts: () => [...byHost.values()].map((tally) => ({ ...tally })),
  };
}
