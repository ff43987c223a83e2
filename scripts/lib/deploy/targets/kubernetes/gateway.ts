import { shortName } from "../../../generate/facts.ts";
import { isGateway, type Shipment } from "../../shipment.ts";

export const GATEWAY_FILE = "gateway.json";
const SETTINGS_FOLDER = "/etc/flotilla";
const KEYS_FOLDER = "/etc/flotilla-keys";
const KEYS_FILE = "keys.json";

/** The servers that are deployed with a gateway, at the addresses of their Services. */
export function gatewaySettings({ facts, neighbours }: Shipment) {
  if (!isGateway(facts)) return undefined;
  const entries = neighbours.map((one) => [
    shortName(one.facts.name),
    { url: `http://${one.instance}:${one.facts.server.port}/mcp` },
  ]);
  return { mcpServers: Object.fromEntries(entries) };
}

/** What a gateway reads beside its variables; its keys are a Secret, which somebody else makes. */
export function gatewayMounts({ facts, instance }: Shipment) {
  if (!isGateway(facts)) return { env: [], volumes: [], volumeMounts: [] };
  return {
    env: [
      { name: "GATEWAY_CONFIG", value: `${SETTINGS_FOLDER}/${GATEWAY_FILE}` },
      { name: "GATEWAY_KEYS", value: `${KEYS_FOLDER}/${KEYS_FILE}` },
    ],
    volumes: [
      { name: "settings", configMap: { name: instance } },
      { name: "keys", secret: { secretName: `${instance}-keys`, optional: true } },
    ],
    volumeMounts: [
      { name: "settings", mountPath: SETTINGS_FOLDER, readOnly: true },
      { name: "keys", mountPath: KEYS_FOLDER, readOnly: true },
    ],
  };
}
