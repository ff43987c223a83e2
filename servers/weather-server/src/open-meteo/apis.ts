/** Each interface by its public host and its path. */
const APIS = {
  forecast: ["api", "/v1/forecast"],
  archive: ["archive-api", "/v1/archive"],
  "air-quality": ["air-quality-api", "/v1/air-quality"],
  marine: ["marine-api", "/v1/marine"],
  flood: ["flood-api", "/v1/flood"],
  ensemble: ["ensemble-api", "/v1/ensemble"],
  "geocoding-search": ["geocoding-api", "/v1/search"],
  "geocoding-get": ["geocoding-api", "/v1/get"],
} as const;

export type Api = keyof typeof APIS;

export interface Hosts {
  /** One address for all, instead of the public hosts. */
  url: string | undefined;
  apiKey: string | undefined;
}

/** Where an interface is asked; plans that are paid for have hosts of their own. */
export function baseOf(api: Api, { url, apiKey }: Hosts): string {
  const [host, path] = APIS[api];
  if (url !== undefined) return `${url.replace(/\/+$/, "")}${path}`;
  return `https://${apiKey === undefined ? "" : "customer-"}${host}.open-meteo.com${path}`;
}
