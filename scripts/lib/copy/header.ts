import { type Content, toContent } from "./content.ts";

interface CommentStyle {
  readonly files: RegExp;
  readonly open: string;
  readonly close: string;
}

/** A file that matches nothing here cannot carry a comment and is copied without a header. */
const commentStyles: readonly CommentStyle[] = [
  { files: /\.([cm]?[jt]sx?|jsonc)$/, open: "// ", close: "" },
  { files: /(^|\/)[jt]sconfig[^/]*\.json$/, open: "// ", close: "" },
  { files: /\.css$/, open: "/* ", close: " */" },
  { files: /\.(html?|md)$/, open: "<!-- ", close: " -->" },
  { files: /\.(ya?ml|toml|sh)$/, open: "# ", close: "" },
  { files: /(^|\/)(Dockerfile|Makefile)[^/]*$/, open: "# ", close: "" },
  { files: /(^|\/)\.(editorconfig|npmrc|gitattributes|[a-z]+ignore)$/, open: "# ", close: "" },
];

/** A first line that means something only where it is. */
const boundToTheTop = /^(#!|# *(syntax|escape)=|@charset)/;
const frontMatterOrBom = /^(---\n|\uFEFF)/;
const headerLine = /^(\/\/|#|\/\*|<!--) Copied from shared\/.+ by "pnpm shared:copy": .*(\n|$)/m;
const headerIsWithin = 10;

/** The bytes of a copy: the content under one line that says where it comes from. */
export function renderCopy(source: string, content: Content): Buffer {
  const style = commentStyles.find(({ files }) => files.test(source));
  if (!style || !content.text) return content.body;
  const text = content.body.toString("utf8");
  if (frontMatterOrBom.test(text)) return content.body;
  const header =
    `${style.open}Copied from shared/${source} by "pnpm shared:copy": edit it there, ` +
    `or keep a local change with "pnpm shared:detach".${style.close}\n`;
  const at = boundToTheTop.test(text) ? text.indexOf("\n") + 1 : 0;
  return Buffer.from(text.slice(0, at) + header + text.slice(at));
}

/** What a copy says, without its header. */
export function parseCopy(raw: Buffer): Content {
  const content = toContent(raw);
  if (!content.text) return content;
  const text = content.body.toString("utf8");
  const header = headerLine.exec(text);
  if (!header) return content;
  const linesAbove = text.slice(0, header.index).split("\n").length - 1;
  if (linesAbove >= headerIsWithin) return content;
  const rest = text.slice(header.index + header[0].length);
  return { body: Buffer.from(text.slice(0, header.index) + rest), text: true };
}
