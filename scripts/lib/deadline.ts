/** The promise's value, or an error that says what was waited for in vain. */
export async function withDeadline<T>(
  promise: Promise<T>,
  ms: number,
  late: () => string,
): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const deadline = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(late())), ms);
  });
  try {
    return await Promise.race([promise, deadline]);
  } finally {
    clearTimeout(timer);
  }
}
