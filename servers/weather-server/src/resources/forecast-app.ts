import { defineResource } from "#shared/core/definition.ts";

/** Hosts of MCP Apps show this page beside the result of `forecast`. */
export const FORECAST_APP_URI = "ui://weather/forecast";
const MIME_TYPE = "text/html;profile=mcp-app";

export const forecastApp = defineResource({
  uri: FORECAST_APP_URI,
  name: "forecast_app",
  title: "Forecast, interactive",
  description: "The page that hosts of MCP Apps show beside a forecast",
  mimeType: MIME_TYPE,
  async read(uri) {
    // made of page.ts and what lies beside it by tests/app-page.test.ts
    const { html } = (await import("../app/page.json", { with: { type: "json" } })).default;
    // it loads nothing from anywhere, so it needs no permission
    const _meta = { ui: { prefersBorder: true } };
    return { contents: [{ uri, mimeType: MIME_TYPE, text: html, _meta }] };
  },
});
