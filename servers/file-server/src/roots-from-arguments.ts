/** Folders on the command line are ALLOWED_ROOTS, as clients of other file servers write it. */
export function rootsFromArguments(
  folders: readonly string[],
  env: Record<string, string | undefined>,
): void {
  if (folders.length > 0) env.ALLOWED_ROOTS = JSON.stringify(folders);
}
