import type {
  CallToolResult,
  ContentBlock,
  InputRequired,
  PromptResult,
  ReadResult,
} from "#shared/core/contract.ts";
import { joinUri } from "./names.ts";

/** A page of the web is what its address says, wherever it stands; other URIs are the server's own. */
const isWeb = (uri: string) => /^https?:/i.test(uri);

function block(prefix: string, content: ContentBlock): ContentBlock {
  if (content.type === "resource_link" && !isWeb(content.uri))
    return { ...content, uri: joinUri(prefix, content.uri) };
  if (content.type === "resource" && !isWeb(content.resource.uri)) {
    const uri = joinUri(prefix, content.resource.uri);
    return { ...content, resource: { ...content.resource, uri } };
  }
  return content;
}

const needsInput = (result: object): result is InputRequired => "inputRequests" in result;

/** A result whose links lead where the aggregate's client can follow them. */
export function callResult(prefix: string, result: CallToolResult | InputRequired) {
  if (needsInput(result) || !result.content.some(({ type }) => type.startsWith("resource")))
    return result;
  return { ...result, content: result.content.map((content) => block(prefix, content)) };
}

export function promptResult(prefix: string, result: PromptResult | InputRequired) {
  if (needsInput(result)) return result;
  const messages = result.messages.map(({ role, content }) => ({
    role,
    content: block(prefix, content),
  }));
  return { ...result, messages };
}

/** What was read is called as it was asked for. */
export function readResult(prefix: string, result: ReadResult | InputRequired) {
  if (needsInput(result)) return result;
  const contents = result.contents.map((one) => ({ ...one, uri: joinUri(prefix, one.uri) }));
  return { ...result, contents };
}
