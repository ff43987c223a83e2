import * as z from "zod";
import { audio, image, withContent } from "#shared/core/content.ts";
import { defineTool } from "../define-tool.ts";
import { mediaType } from "../media/media-type.ts";
import { refuse } from "../sandbox/refuse.ts";
import { countOutput, pathInput } from "./fields.ts";
import { resultSchema } from "./result.ts";

/** Bytes of a file; in base64 they are a third more, and an answer has at most a megabyte. */
export const MAX_MEDIA_BYTES = 720_000;

export const readMediaFile = defineTool({
  name: "read_media_file",
  title: "Read an image or a sound",
  description: "Show an image (PNG, JPEG, GIF, WebP, BMP) or sound (WAV, MP3, OGG, FLAC).",
  inputSchema: z.object({ path: pathInput.describe("File") }),
  outputSchema: resultSchema({
    path: z.string(),
    mime_type: z.string(),
    size: countOutput,
  }),
  annotations: { readOnlyHint: true, idempotentHint: true, openWorldHint: false },
  async handler({ path }, { services }) {
    const sandbox = await services.get("sandbox");
    return sandbox.withFile(path, async ({ path: shown, size, handle }) => {
      if (size > MAX_MEDIA_BYTES)
        throw refuse("too_large", { path, details: { size, limit: MAX_MEDIA_BYTES } });
      const bytes = Buffer.alloc(size);
      const { bytesRead } = await handle.read(bytes, 0, size, 0);
      const data = bytes.subarray(0, bytesRead);
      const type = mediaType(data);
      if (type === undefined) throw refuse("not_media", { path });
      const show = type.startsWith("image/") ? image : audio;
      return withContent({ path: shown, mime_type: type, size: bytesRead }, show(data, type));
    });
  },
});
