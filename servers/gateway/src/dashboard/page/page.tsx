/// <reference lib="dom" />
import { type ComponentChildren, render } from "preact";
import { useEffect, useState } from "preact/hooks";
import type { GatewayState } from "../../admin/state.ts";
import { type Connection, follow, useCredential } from "./api.ts";
import { Charts } from "./chart.tsx";
import { counted, span } from "./format.ts";
import { Held } from "./held.tsx";
import { Calls, Events } from "./lately.tsx";
import { Servers } from "./servers.tsx";

const CONNECTIONS: Record<Connection, string> = {
  connecting: "Connecting",
  open: "Live",
  lost: "The gateway does not answer; trying again",
  locked: "Locked",
};

function Page() {
  const [state, setState] = useState<GatewayState | undefined>();
  const [connection, setConnection] = useState<Connection>("connecting");
  const [attempt, setAttempt] = useState(0);
  // each credential is another attempt
  useEffect(() => follow({ onState: setState, onConnection: setConnection }), [attempt]);
  const unlock = (typed: string) => {
    useCredential(typed);
    setConnection("connecting");
    setAttempt(attempt + 1);
  };
  return (
    <>
      <header>
        <h1>Gateway</h1>
        {state && <Summary state={state} />}
        <p role="status" class={`connection ${connection}`}>
          {CONNECTIONS[connection]}
        </p>
        <nav aria-label="Documents">
          <a href="/docs">API</a> <a href="/redoc">Reference</a> <a href="/openapi.json">OpenAPI</a>
        </nav>
      </header>
      <main>
        {connection === "locked" && <Unlock isWrong={attempt > 0} onKey={unlock} />}
        {connection !== "locked" && state && <State state={state} />}
      </main>
    </>
  );
}

function Summary({ state: { servers, now, startedAt, inFlight } }: { state: GatewayState }) {
  const ready = servers.filter((server) => server.state === "ready").length;
  return (
    <p class="summary">
      {ready} of {counted(servers.length, "server")} ready, up {span(now - startedAt)},{" "}
      {counted(inFlight, "call")} running
    </p>
  );
}

function State({ state }: { state: GatewayState }) {
  return (
    <>
      <Section title="Calls">
        <Charts series={state.series} />
      </Section>
      {state.held.length > 0 && (
        <Section title="Held-back definitions">
          <Held held={state.held} />
        </Section>
      )}
      <Section title="Servers">
        <Servers servers={state.servers} now={state.now} />
      </Section>
      <Section title="Last calls">
        <Calls calls={state.calls} />
      </Section>
      <Section title="What happened">
        <Events events={state.events} />
      </Section>
    </>
  );
}

function Section({ title, children }: { title: string; children: ComponentChildren }) {
  const id = title.toLowerCase().replaceAll(" ", "-");
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what is wider than the window is scrolled by keyboard
    <section aria-labelledby={id} tabIndex={0}>
      <h2 id={id}>{title}</h2>
      {children}
    </section>
  );
}

function Unlock({ isWrong, onKey }: { isWrong: boolean; onKey(typed: string): void }) {
  const [typed, setTyped] = useState("");
  return (
    <form
      class="unlock"
      onSubmit={(event) => {
        event.preventDefault();
        onKey(typed);
      }}
    >
      <label for="key">A key or token with the scope admin</label>
      <input
        id="key"
        type="password"
        autocomplete="off"
        value={typed}
        aria-describedby="key-help"
        onInput={({ currentTarget }) => setTyped(currentTarget.value)}
      />
      <button type="submit" class="primary">
        Open
      </button>
      <p class={isWrong ? "bad" : "help"} id="key-help" role={isWrong ? "alert" : undefined}>
        {isWrong
          ? "It is not accepted, or lacks the scope admin."
          : "It stays in this page's memory and is forgotten when the page is closed."}
      </p>
    </form>
  );
}

const app = document.getElementById("app");
if (app) render(<Page />, app);
