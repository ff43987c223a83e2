import { Fragment } from "preact";
import { useState } from "preact/hooks";
import type { ServerState } from "../../admin/state.ts";
import { act, type ListedTool, listTools } from "./api.ts";
import { Columns } from "./columns.tsx";
import { count, counted, milliseconds, span } from "./format.ts";
import { ToolDialog } from "./tool-dialog.tsx";

const COLUMNS = ["Server", "State", "Calls", "Errors", "p50", "p95", "Restarts", "Tools"] as const;

/** How bad a state is: a word for the eye, beside the word itself. */
const TONES: Record<ServerState["state"], "good" | "bad" | "warning"> = {
  ready: "good",
  starting: "warning",
  degraded: "warning",
  backoff: "bad",
  "crash-loop": "bad",
  failed: "bad",
  closed: "warning",
};

export function Servers({ servers, now }: { servers: readonly ServerState[]; now: number }) {
  const [open, setOpen] = useState<string | undefined>();
  return (
    <table class="cards">
      <Columns names={COLUMNS} />
      <tbody>
        {servers.map((server) => (
          <Fragment key={server.name}>
            <ServerRow
              server={server}
              now={now}
              isOpen={open === server.name}
              onToggle={() => setOpen(open === server.name ? undefined : server.name)}
            />
            {open === server.name && (
              <tr class="more">
                <td colSpan={COLUMNS.length} id={`tools-${server.name}`}>
                  <Tools server={server} />
                </td>
              </tr>
            )}
          </Fragment>
        ))}
      </tbody>
    </table>
  );
}

interface RowProps {
  server: ServerState;
  now: number;
  isOpen: boolean;
  onToggle(): void;
}

function ServerRow({ server, now, isOpen, onToggle }: RowProps) {
  const { name, title, version, state, since, reason, retryAt } = server;
  const retry = retryAt === undefined ? "" : `, tried again in ${span(Math.max(0, retryAt - now))}`;
  return (
    <tr>
      <th scope="row">
        {name}
        <span class="help">
          {title} {version}
        </span>
      </th>
      <td data-label="State">
        <span class={`state ${TONES[state]}`}>{state}</span>
        <span class="help">
          for {span(now - since)}
          {retry}
        </span>
        {reason && <span class="help reason">{reason}</span>}
      </td>
      <td data-label="Calls">{count(server.calls)}</td>
      <td data-label="Errors" class={server.errors > 0 ? "bad" : ""}>
        {count(server.errors)}
      </td>
      <td data-label="p50">{milliseconds(server.p50Ms)}</td>
      <td data-label="p95">{milliseconds(server.p95Ms)}</td>
      <td data-label="Restarts">{count(server.restarts)}</td>
      <td data-label="Tools">
        <button
          type="button"
          aria-expanded={isOpen}
          aria-controls={`tools-${name}`}
          onClick={onToggle}
        >
          {counted(server.tools, "tool")}
          <span class="hidden"> of {name}</span>
        </button>
      </td>
    </tr>
  );
}

function Tools({ server: { name } }: { server: ServerState }) {
  const [tools, setTools] = useState<ListedTool[] | undefined>();
  const [asked, setAsked] = useState(false);
  const [chosen, setChosen] = useState<ListedTool | undefined>();
  const [word, setWord] = useState("");
  const say = (error: unknown) => setWord(error instanceof Error ? error.message : String(error));
  if (!asked) {
    setAsked(true);
    listTools(name).then(setTools, say);
  }
  const restart = () =>
    act({ action: "restart", server: name }).then(() => setWord("It is restarted."), say);
  return (
    <div class="tools">
      <ul>
        {tools?.map((tool) => (
          <li key={tool.name}>
            <button type="button" class="link" onClick={() => setChosen(tool)}>
              {tool.name}
            </button>{" "}
            <span class="help">{tool.title}</span>
          </li>
        ))}
      </ul>
      <p>
        <button type="button" onClick={restart}>
          Restart {name}
        </button>{" "}
        <span aria-live="polite">{word}</span>
      </p>
      {chosen && (
        <ToolDialog
          key={chosen.name}
          server={name}
          tool={chosen}
          onClose={() => setChosen(undefined)}
        />
      )}
    </div>
  );
}
