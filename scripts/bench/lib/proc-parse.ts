/** What files of Linux's /proc say; kept apart from reading them, so that it can be tested. */

export interface ProcessStat {
  parent: number;
  /** Clock ticks in user and system mode, of threads that ended too. */
  ticks: number;
  /** Clock ticks of children that ended and were waited for. */
  reapedTicks: number;
}

/** `/proc/<pid>/stat`. The command's name is in parentheses and may hold spaces and parentheses. */
export function parseStat(text: string): ProcessStat | undefined {
  const fields = text
    .slice(text.lastIndexOf(")") + 1)
    .trim()
    .split(/\s+/);
  const at = (field: number) => Number(fields[field]);
  const stat = { parent: at(1), ticks: at(11) + at(12), reapedTicks: at(13) + at(14) };
  return Object.values(stat).some(Number.isNaN) ? undefined : stat;
}

/** `/proc/<pid>/task/<tid>/schedstat`: nanoseconds on a processor, undefined where none are kept. */
export function parseSchedstat(text: string): number | undefined {
  const [onProcessor] = text.trim().split(/\s+/);
  return onProcessor && /^\d+$/.test(onProcessor) ? Number(onProcessor) : undefined;
}

export interface ProcessMemory {
  rssKb: number;
  /** The most there was since the start. */
  peakKb: number;
}

/** `/proc/<pid>/status`. */
export function parseStatus(text: string): ProcessMemory | undefined {
  const kilobytes = (name: string) =>
    Number(new RegExp(`^${name}:\\s+(\\d+) kB`, "m").exec(text)?.[1]);
  const memory = { rssKb: kilobytes("VmRSS"), peakKb: kilobytes("VmHWM") };
  return Number.isNaN(memory.rssKb + memory.peakKb) ? undefined : memory;
}
