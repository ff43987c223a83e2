import type { Entry, Input } from "./dialect.ts";

const base64 = (value: unknown) =>
  encodeURIComponent(Buffer.from(JSON.stringify(value)).toString("base64"));

/** As cursor.com/docs/mcp/install-links describes it. */
export function cursorLinks(name: string, entry: Entry): Record<string, string> {
  const query = `name=${encodeURIComponent(name)}&config=${base64(entry)}`;
  return {
    Cursor: `cursor://anysphere.cursor-deeplink/mcp/install?${query}`,
    "Cursor, on a web page": `https://cursor.com/en/install-mcp?${query}`,
  };
}

/** As code.visualstudio.com/api/extension-guides/ai/mcp describes it. Markdown allows only the second. */
export function vscodeLinks(
  name: string,
  entry: Entry,
  inputs: readonly Input[],
): Record<string, string> {
  const value = { name, ...entry, ...(inputs.length > 0 && { inputs }) };
  const link = `vscode:mcp/install?${encodeURIComponent(JSON.stringify(value))}`;
  const redirect = `https://insiders.vscode.dev/redirect?url=${encodeURIComponent(link)}`;
  return { "VS Code": link, "VS Code, on a web page": redirect };
}

/** As lmstudio.ai/docs/app/mcp/deeplink describes it. */
export const lmStudioLinks = (name: string, entry: Entry): Record<string, string> => ({
  "LM Studio": `lmstudio://add_mcp?name=${encodeURIComponent(name)}&config=${base64(entry)}`,
});
