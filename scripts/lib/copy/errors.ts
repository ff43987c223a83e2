/** What went wrong is for the person at the keyboard: shown without a stack. */
export class SharedError extends Error {
  override readonly name = "SharedError";
}
