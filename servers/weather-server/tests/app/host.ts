/// <reference lib="dom" />
import { AppBridge, PostMessageTransport } from "@modelcontextprotocol/ext-apps/app-bridge";

/** What the test gives to the page of the host. */
declare global {
  interface Window {
    callTool(name: string, input: object): Promise<never>;
    show(html: string, input: Record<string, unknown>, theme?: "light" | "dark"): Promise<void>;
    cancel(): Promise<void>;
    setTheme(theme: "light" | "dark"): void;
    sizes: (number | undefined)[];
  }
}

let bridge: AppBridge | undefined;
window.sizes = [];

/** A host as the library of the specification makes one: its own checks see every message of the page. */
window.show = async (html, input, theme) => {
  const frame = document.querySelector("iframe");
  const inner = frame?.contentWindow;
  if (!frame || !inner) throw new Error("no frame");
  bridge = new AppBridge(
    null,
    { name: "test-host", version: "1.0.0" },
    { serverTools: {} },
    { hostContext: theme ? { theme } : {} },
  );
  bridge.oncalltool = ({ name, arguments: given }) => window.callTool(name, given ?? {});
  bridge.onsizechange = ({ height }) => {
    window.sizes.push(height);
    frame.style.height = `${height}px`;
  };
  const ready = new Promise<void>((resolve) => {
    if (bridge) bridge.oninitialized = () => resolve();
  });
  await bridge.connect(new PostMessageTransport(inner, inner));
  frame.srcdoc = html;
  await ready;
  await bridge.sendToolInput({ arguments: input });
  await bridge.sendToolResult(await window.callTool("forecast", input));
};

window.setTheme = (theme) => bridge?.setHostContext({ theme });
window.cancel = async () => bridge?.sendToolCancelled({ reason: "The user stopped it" });
