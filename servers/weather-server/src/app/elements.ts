/// <reference lib="dom" />

/** An element of page.html. */
export const byId = (id: string) => document.getElementById(id) as HTMLElement;

export function make<K extends keyof HTMLElementTagNameMap>(
  name: K,
  ...inside: (Node | string)[]
): HTMLElementTagNameMap[K] {
  const made = document.createElement(name);
  made.append(...inside);
  return made;
}
