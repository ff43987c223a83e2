import { type Dialect, envOf, type Input, plainHttp, plainStdio } from "./dialect.ts";
import { cursorLinks, lmStudioLinks, vscodeLinks } from "./links.ts";

const inputId = (name: string) => name.toLowerCase().replaceAll("_", "-");

/** Every client that is known here, each as its own documentation or source describes its file. */
export const dialects: Record<string, Dialect> = {
  // modelcontextprotocol.io/docs/develop/connect-local-servers
  "claude-desktop": {
    label: "Claude Desktop",
    format: "json",
    key: "mcpServers",
    file: ({ join, settings }) => join(settings, "Claude", "claude_desktop_config.json"),
    stdio: plainStdio,
    http: "Claude Desktop takes remote servers in its settings, under Connectors, not from its file",
  },
  // code.claude.com/docs/en/mcp: an entry without type is a command
  "claude-code": {
    label: "Claude Code, of a project",
    format: "json",
    key: "mcpServers",
    file: ({ join, project }) => join(project, ".mcp.json"),
    reference: ({ name }) => `\${${name}}`,
    stdio: (connection, text) => ({ type: "stdio", ...plainStdio(connection, text) }),
    http: plainHttp({ type: "http" }),
  },
  // code.visualstudio.com/docs/copilot/reference/mcp-configuration
  vscode: {
    label: "VS Code",
    format: "json",
    key: "servers",
    file: ({ join, project }) => join(project, ".vscode", "mcp.json"),
    reference: ({ name, secret }) => (secret ? `\${input:${inputId(name)}}` : `\${env:${name}}`),
    stdio: (connection, text) => ({ type: "stdio", ...plainStdio(connection, text) }),
    http: plainHttp({ type: "http" }),
    input: ({ name, value, secret }): Input | undefined =>
      secret && value === undefined
        ? { type: "promptString", id: inputId(name), description: name, password: true }
        : undefined,
    links: vscodeLinks,
    maxTools: 128,
  },
  // cursor.com/docs/context/mcp
  cursor: {
    label: "Cursor",
    format: "json",
    key: "mcpServers",
    file: ({ join, home }) => join(home, ".cursor", "mcp.json"),
    reference: ({ name }) => `\${env:${name}}`,
    stdio: (connection, text) => ({ type: "stdio", ...plainStdio(connection, text) }),
    http: plainHttp(),
    links: cursorLinks,
  },
  // docs.windsurf.com/windsurf/cascade/mcp
  windsurf: {
    label: "Windsurf",
    format: "json",
    key: "mcpServers",
    file: ({ join, home }) => join(home, ".codeium", "windsurf", "mcp_config.json"),
    reference: ({ name }) => `\${env:${name}}`,
    stdio: plainStdio,
    http: plainHttp({}, "serverUrl"),
    maxTools: 100,
  },
  // openai/codex, codex-rs/config/src/mcp_types.rs: a token in the file itself is refused
  codex: {
    label: "Codex",
    format: "toml",
    key: "mcp_servers",
    file: ({ join, home, env }) => join(env.CODEX_HOME || join(home, ".codex"), "config.toml"),
    reference: ({ name }) => name,
    stdio: ({ command, args, env }, text) => {
      const named = env.filter(({ value }) => value === undefined).map(({ name }) => name);
      const given = env.filter(({ value }) => value !== undefined);
      return { command, args, ...(named.length && { env_vars: named }), ...envOf(given, text) };
    },
    http: ({ url, key }) => ({ url, ...(key && { bearer_token_env_var: key.name }) }),
  },
  // google-gemini/gemini-cli, docs/tools/mcp-server.md: "url" would be the old SSE transport
  "gemini-cli": {
    label: "Gemini CLI",
    format: "json",
    key: "mcpServers",
    file: ({ join, home }) => join(home, ".gemini", "settings.json"),
    reference: ({ name }) => `\${${name}}`,
    stdio: plainStdio,
    http: plainHttp({}, "httpUrl"),
  },
  // zed.dev/docs/ai/mcp
  zed: {
    label: "Zed",
    format: "json",
    key: "context_servers",
    file: ({ join, home, settings, windows }) =>
      windows
        ? join(settings, "Zed", "settings.json")
        : join(home, ".config", "zed", "settings.json"),
    stdio: plainStdio,
    http: plainHttp(),
  },
  // docs.cline.bot/mcp: an address without a type is the old SSE transport
  cline: {
    label: "Cline",
    format: "json",
    key: "mcpServers",
    file: ({ join, home }) => join(home, ".cline", "data", "settings", "cline_mcp_settings.json"),
    stdio: plainStdio,
    http: plainHttp({ type: "streamableHttp" }),
  },
  // docs.github.com/en/copilot/how-tos/copilot-cli/customize-copilot/add-mcp-servers
  "copilot-cli": {
    label: "GitHub Copilot CLI",
    format: "json",
    key: "mcpServers",
    file: ({ join, home }) => join(home, ".copilot", "mcp-config.json"),
    reference: ({ name }) => `\${${name}}`,
    stdio: (connection, text) => ({
      type: "stdio",
      ...plainStdio(connection, text),
      tools: ["*"],
    }),
    http: plainHttp({ type: "http", tools: ["*"] }),
  },
  // lmstudio.ai/docs/app/mcp: Cursor's notation
  "lm-studio": {
    label: "LM Studio",
    format: "json",
    key: "mcpServers",
    file: ({ join, home }) => join(home, ".lmstudio", "mcp.json"),
    stdio: plainStdio,
    http: plainHttp(),
    links: lmStudioLinks,
  },
};
