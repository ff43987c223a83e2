import { defineResource } from "#shared/core/definition.ts";
import { WEATHER_CODES } from "../variables/catalog.ts";

export const codes = defineResource({
  uri: "weather://codes",
  name: "weather_codes",
  title: "Weather codes",
  description: "The words of WMO weather codes",
  mimeType: "application/json",
  read: (uri) => ({
    contents: [{ uri, mimeType: "application/json", text: JSON.stringify(WEATHER_CODES) }],
  }),
});
