/** How files begin: offset, bytes as Latin-1. The name of a file says nothing. */
const SIGNATURES: readonly [type: string, ...parts: (readonly [at: number, bytes: string])[]][] = [
  ["image/png", [0, "\x89PNG\r\n\x1a\n"]],
  ["image/jpeg", [0, "\xff\xd8\xff"]],
  ["image/gif", [0, "GIF8"]],
  ["image/webp", [0, "RIFF"], [8, "WEBP"]],
  ["image/bmp", [0, "BM"], [6, "\0\0\0\0"]],
  ["audio/wav", [0, "RIFF"], [8, "WAVE"]],
  ["audio/ogg", [0, "OggS"]],
  ["audio/flac", [0, "fLaC"]],
  ["audio/mpeg", [0, "ID3"]],
  ["audio/mpeg", [0, "\xff\xfb"]],
  ["audio/mpeg", [0, "\xff\xf3"]],
];

/** The type of an image or sound by its first bytes; undefined for everything else. */
export function mediaType(bytes: Buffer): string | undefined {
  const head = bytes.toString("latin1", 0, 16);
  return SIGNATURES.find(([, ...parts]) =>
    parts.every(([at, text]) => head.startsWith(text, at)),
  )?.[0];
}
