import type { IncomingMessage, ServerResponse } from "node:http";
import { readBuilt, sendNotBuilt } from "../http/built.ts";

/** Nothing from elsewhere, no script in a page. Both UIs write style attributes as they go. */
const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data:",
  "font-src 'self' data:",
  "connect-src 'self'",
  "worker-src 'self' blob:",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join("; ");

const HEADERS = {
  "content-security-policy": POLICY,
  "x-content-type-options": "nosniff",
  "referrer-policy": "no-referrer",
};

const page = (title: string, head: string, body: string) => `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}</title>
${head}</head>
<body>
${body}</body>
</html>
`;

const SWAGGER_INIT = `SwaggerUIBundle({
  url: "/openapi.json",
  dom_id: "#ui",
  deepLinking: true,
  tryItOutEnabled: true,
  validatorUrl: null,
  presets: [SwaggerUIBundle.presets.apis],
});
`;
const REDOC_INIT = `Redoc.init("/openapi.json", { hideDownloadButtons: false }, document.getElementById("ui"));
`;

interface Page {
  type: string;
  text?: string;
  /** A file of dist/docs, which the build copied from a package. */
  file?: string;
}

const SCRIPT = "text/javascript; charset=utf-8";
const HTML = "text/html; charset=utf-8";

const PAGES: ReadonlyMap<string, Page> = new Map([
  [
    "/docs",
    {
      type: HTML,
      text: page(
        "API",
        '<link rel="stylesheet" href="/docs/swagger-ui.css">\n',
        '<div id="ui"></div>\n<script src="/docs/swagger-ui-bundle.js"></script>\n<script src="/docs/init.js"></script>\n',
      ),
    },
  ],
  ["/docs/init.js", { type: SCRIPT, text: SWAGGER_INIT }],
  ["/docs/swagger-ui.css", { type: "text/css; charset=utf-8", file: "swagger-ui.css" }],
  ["/docs/swagger-ui-bundle.js", { type: SCRIPT, file: "swagger-ui-bundle.js" }],
  [
    "/redoc",
    {
      type: HTML,
      text: page(
        "API",
        "",
        '<div id="ui"></div>\n<script src="/redoc/redoc.standalone.js"></script>\n<script src="/redoc/init.js"></script>\n',
      ),
    },
  ],
  ["/redoc/init.js", { type: SCRIPT, text: REDOC_INIT }],
  ["/redoc/redoc.standalone.js", { type: SCRIPT, file: "redoc.standalone.js" }],
]);

/** Files are of the packages that were built in: they change with the gateway alone. */
const MAX_AGE = "public, max-age=86400";

export const isDocsPath = (path: string): boolean => PAGES.has(path);

/** Sends a page of the documentation, or a part of one. */
export async function sendDocs(
  request: IncomingMessage,
  response: ServerResponse,
  path: string,
): Promise<void> {
  const found = PAGES.get(path);
  if (!found) return;
  const body =
    found.file === undefined ? Buffer.from(found.text ?? "") : await readBuilt("docs", found.file);
  if (!body) return sendNotBuilt(response);
  response.writeHead(200, {
    ...HEADERS,
    "content-type": found.type,
    "content-length": body.length,
    "cache-control": found.file === undefined ? "no-cache" : MAX_AGE,
  });
  response.end(request.method === "HEAD" ? undefined : body);
}
