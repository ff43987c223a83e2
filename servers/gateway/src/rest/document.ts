import { createHash } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import { gzipSync } from "node:zlib";
import type { Catalogue } from "../mounts/catalogue.ts";
import type { MountView } from "../policy/mount-view.ts";
import { type OpenApiOptions, openApiOf } from "./openapi.ts";

interface Made {
  of: readonly Catalogue[];
  publicUrl: string | undefined;
  access: OpenApiOptions["access"];
  json: Buffer;
  zipped: Buffer;
  etag: string;
}

/** An OpenAPI document that is made anew when a list changed, and compressed once. */
export function documentOf(
  mounts: () => readonly MountView[],
  options: (mounts: readonly MountView[]) => OpenApiOptions,
) {
  let made: Made | undefined;
  const current = (): Made => {
    const now = mounts();
    const given = options(now);
    const same =
      made !== undefined &&
      made.publicUrl === given.publicUrl &&
      made.access === given.access &&
      made.of.length === now.length &&
      now.every(({ catalogue }, index) => catalogue === made?.of[index]);
    if (made && same) return made;
    const json = Buffer.from(JSON.stringify(openApiOf(now, given)));
    const hash = createHash("sha256").update(json).digest("base64url");
    made = {
      of: now.map(({ catalogue }) => catalogue),
      publicUrl: given.publicUrl,
      access: given.access,
      json,
      zipped: gzipSync(json),
      etag: `"${hash}"`,
    };
    return made;
  };

  return (request: IncomingMessage, response: ServerResponse): void => {
    const { json, zipped, etag } = current();
    const headers = {
      etag,
      vary: "accept-encoding, authorization, origin",
      "cache-control": "private, no-cache",
    };
    if (request.headers["if-none-match"] === etag) {
      response.writeHead(304, headers).end();
      return;
    }
    const zip = /\bgzip\b/.test(String(request.headers["accept-encoding"] ?? ""));
    const body = zip ? zipped : json;
    response.writeHead(200, {
      ...headers,
      "content-type": "application/json",
      "content-length": body.length,
      ...(zip && { "content-encoding": "gzip" }),
    });
    response.end(request.method === "HEAD" ? undefined : body);
  };
}
