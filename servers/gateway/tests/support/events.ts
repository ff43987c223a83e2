/** The events of a stream: their names and their data. */
export function eventData(stream: string): [name: string, data: unknown][] {
  return stream
    .split("\n\n")
    .filter((event) => event.startsWith("event: "))
    .map((event) => {
      const [, name = "", data = "null"] = /^event: (.*)\ndata: (.*)$/s.exec(event) ?? [];
      return [name, JSON.parse(data)];
    });
}
