import type { LogRow } from "#shared/make-api/call.ts";
import { maskSecrets } from "#shared/make-api/secrets.ts";
import { ERROR, WARNING } from "./runs.ts";

export type LineFormat = "jsonl" | "otlp" | "syslog";

interface Line {
  scenarioId: number;
  row: LogRow;
}

/** OpenTelemetry severity numbers. */
const OTLP = { info: 9, warn: 13, error: 17 };
/** RFC 5424: facility "user" (1) times 8, plus the severity. */
const SYSLOG = { info: 14, warn: 12, error: 11 };

const levelOf = ({ status }: LogRow) =>
  status === ERROR ? "error" : status === WARNING ? "warn" : "info";

const textOf = ({ scenarioId, row }: Line): string => {
  const { type, error, status } = row;
  const what =
    status == null ? `${type ?? "event"}` : `run ${levelOf(row) === "info" ? "ok" : levelOf(row)}`;
  return `scenario ${scenarioId} ${what}${error?.message ? `: ${error.name ?? "Error"}: ${error.message}` : ""}`;
};

const escapeParam = (text: string): string => text.replace(/["\\\]]/g, "\\$&");

/** One line for one row, secrets in its messages masked. */
export function renderLine(line: Line, format: LineFormat): string {
  const row = maskSecrets(line.row);
  const masked = { ...line, row };
  if (format === "jsonl") return JSON.stringify({ scenarioId: line.scenarioId, ...row });
  const level = levelOf(row);
  if (format === "syslog") {
    const data = `[make@32473 scenario="${line.scenarioId}" imtId="${escapeParam(row.imtId)}"]`;
    const message = textOf(masked).replace(/[\r\n]+/g, " ");
    return `<${SYSLOG[level]}>1 ${row.timestamp} - make - ${row.type ?? "-"} ${data} ${message}`;
  }
  const attributes = Object.entries({ ...row, scenarioId: line.scenarioId })
    .filter(([, value]) => ["string", "number", "boolean"].includes(typeof value))
    .map(([key, value]) => ({ key: `make.${key}`, value: otlpValue(value) }));
  return JSON.stringify({
    timeUnixNano: `${Date.parse(row.timestamp)}000000`,
    severityNumber: OTLP[level],
    severityText: level.toUpperCase(),
    body: { stringValue: textOf(masked) },
    attributes,
  });
}

function otlpValue(value: unknown) {
  if (typeof value === "number")
    return Number.isInteger(value) ? { intValue: String(value) } : { doubleValue: value };
  return typeof value === "boolean" ? { boolValue: value } : { stringValue: String(value) };
}
