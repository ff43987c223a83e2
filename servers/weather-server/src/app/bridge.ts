/// <reference lib="dom" />

/** What a host hands over: a result of a tool, as the server gave it. */
export interface ToolResult {
  structuredContent?: unknown;
  content?: { text?: string }[];
  isError?: boolean;
  _meta?: Record<string, unknown>;
}

export interface HostContext {
  theme?: string;
}

export interface Listeners {
  input(given: Record<string, unknown>): void;
  result(result: ToolResult): void;
  cancelled(): void;
  context(changed: HostContext): void;
}

export interface Host {
  /** Whether the host passes calls on to the server. */
  canCall: boolean;
  call(name: string, input: object): Promise<ToolResult>;
}

const PROTOCOL = "2026-01-26";
const METHOD_NOT_FOUND = -32_601;
/** What a host may ask; both have nothing to tell. */
const ANSWERED = new Set(["ping", "ui/resource-teardown"]);

/** A page in a sandbox has no origin of its own and is not told the host's. */
const send = (message: object) => window.parent.postMessage({ jsonrpc: "2.0", ...message }, "*");

/**
 * Connects the page to its host by the protocol of MCP Apps. These few messages are 2 KB of script;
 * the library of the specification would be 540 KB in every page.
 */
export async function connect(listeners: Listeners): Promise<Host> {
  const waiting = new Map<number, (answer: Answer) => void>();
  let lastId = 0;

  function request(method: string, params: object): Promise<Answer> {
    lastId += 1;
    const id = lastId;
    send({ id, method, params });
    return new Promise((resolve) => waiting.set(id, resolve));
  }

  window.addEventListener("message", ({ data, source }: MessageEvent) => {
    if (source !== window.parent || data?.jsonrpc !== "2.0") return;
    const { id, method, params } = data;
    if (method === undefined) {
      waiting.get(id)?.(data);
      waiting.delete(id);
    } else if (id === undefined) hear(method, params ?? {}, listeners);
    else if (ANSWERED.has(method)) send({ id, result: {} });
    else send({ id, error: { code: METHOD_NOT_FOUND, message: `No method ${method}` } });
  });

  const { result } = await request("ui/initialize", {
    appInfo: { name: "weather-forecast", version: "1.0.0" },
    appCapabilities: {},
    protocolVersion: PROTOCOL,
  });
  listeners.context(result?.hostContext ?? {});
  send({ method: "ui/notifications/initialized" });
  tellSize();
  return {
    canCall: result?.hostCapabilities?.serverTools !== undefined,
    async call(name, input) {
      const answer = await request("tools/call", { name, arguments: input });
      if (answer.result) return answer.result;
      return { isError: true, content: [{ text: answer.error?.message ?? "No answer" }] };
    },
  };
}

interface Answer {
  result?: ToolResult & {
    hostContext?: HostContext;
    hostCapabilities?: { serverTools?: object };
  };
  error?: { message: string };
}

type Params = HostContext & ToolResult & { arguments?: Record<string, unknown> };

function hear(method: string, params: Params, to: Listeners): void {
  if (method === "ui/notifications/tool-input") to.input(params.arguments ?? {});
  else if (method === "ui/notifications/tool-result") to.result(params);
  else if (method === "ui/notifications/tool-cancelled") to.cancelled();
  else if (method === "ui/notifications/host-context-changed") to.context(params);
}

/** The host makes the frame as high as the page says. */
function tellSize(): void {
  const root = document.documentElement;
  const tell = () => {
    const { width, height } = root.getBoundingClientRect();
    const params = { width: Math.ceil(width), height: Math.ceil(height) };
    send({ method: "ui/notifications/size-changed", params });
  };
  new ResizeObserver(tell).observe(root);
}
