/**
 * A value that is made when it is first asked for, once. Making zod schemas is most of what loading a
 * server costs, so those that few calls need are made this way.
 */
export function lazily<T>(make: () => T): () => T {
  let made: { value: T } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}
