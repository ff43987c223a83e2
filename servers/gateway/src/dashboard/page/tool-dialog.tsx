import { useEffect, useRef, useState } from "preact/hooks";
import { type ListedTool, runTool, type ToolAnswer } from "./api.ts";
import { type Field, fieldsOf, inputOf } from "./form.ts";
import { milliseconds } from "./format.ts";

interface Props {
  server: string;
  tool: ListedTool;
  onClose(): void;
}

/** A form of the tool's arguments, and what it answers. */
export function ToolDialog({ server, tool, onClose }: Props) {
  const dialog = useRef<HTMLDialogElement>(null);
  const [typed, setTyped] = useState<Record<string, string>>({});
  const [faults, setFaults] = useState<Record<string, string>>({});
  const [answer, setAnswer] = useState<ToolAnswer | "running" | undefined>();
  useEffect(() => dialog.current?.showModal(), []);

  async function submit(event: Event) {
    event.preventDefault();
    const { input, faults: found } = inputOf(tool.inputSchema, typed);
    setFaults(found);
    const [first] = Object.keys(found);
    if (first !== undefined)
      return dialog.current?.querySelector<HTMLElement>(`#f-${first}`)?.focus();
    setAnswer("running");
    setAnswer(await runTool(server, tool.name, input).catch(unreachable));
  }

  const writes = tool.annotations?.readOnlyHint === false;
  return (
    <dialog ref={dialog} onClose={onClose} aria-labelledby="tool-title">
      <form onSubmit={submit} noValidate>
        <h2 id="tool-title">
          {tool.title ?? tool.name} <code>{tool.name}</code>
        </h2>
        <p class="help">{tool.description}</p>
        {writes && (
          <p class="warning">
            This tool {tool.annotations?.destructiveHint ? "changes or deletes" : "writes"} what it
            works on.
          </p>
        )}
        {fieldsOf(tool.inputSchema).map((field) => (
          <FieldRow
            key={field.name}
            field={field}
            value={typed[field.name] ?? ""}
            fault={faults[field.name]}
            onInput={(value) => setTyped({ ...typed, [field.name]: value })}
          />
        ))}
        <div class="buttons">
          <button type="submit" class="primary" disabled={answer === "running"}>
            {answer === "running" ? "Running…" : "Run"}
          </button>
          <button type="button" onClick={() => dialog.current?.close()}>
            Close
          </button>
        </div>
      </form>
      <Answer answer={answer} />
    </dialog>
  );
}

const unreachable = (error: unknown): ToolAnswer => ({
  ok: false,
  status: 0,
  ms: 0,
  body: `The gateway could not be reached: ${error instanceof Error ? error.message : error}`,
});

/** There before it has anything to say: only then is it read out when it does. */
function Answer({ answer }: { answer: ToolAnswer | "running" | undefined }) {
  const known = typeof answer === "object" ? answer : undefined;
  return (
    <div class="answer" aria-live="polite">
      {known && (
        <>
          <p class={known.ok ? "good" : "bad"}>
            {known.ok ? "Answered" : `Failed (${known.status})`} in {milliseconds(known.ms)}
          </p>
          {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a long answer is scrolled by keyboard */}
          <pre tabIndex={0}>
            {typeof known.body === "string" ? known.body : JSON.stringify(known.body, null, 2)}
          </pre>
        </>
      )}
    </div>
  );
}

interface RowProps {
  field: Field;
  value: string;
  fault: string | undefined;
  onInput(value: string): void;
}

function FieldRow({ field, value, fault, onInput }: RowProps) {
  const id = `f-${field.name}`;
  const described = [field.help && `${id}-help`, fault && `${id}-fault`].filter(Boolean).join(" ");
  const common = {
    id,
    value,
    "aria-invalid": fault !== undefined,
    "aria-required": field.required,
    ...(described !== "" && { "aria-describedby": described }),
    onInput: ({ currentTarget }: { currentTarget: { value: string } }) =>
      onInput(currentTarget.value),
  };
  return (
    <div class="field">
      <label for={id}>
        {field.label}
        {field.required && <span class="needed"> needed</span>}
      </label>
      {field.kind === "choice" ? (
        <select {...common}>
          <option value="">{field.placeholder || "–"}</option>
          {field.choices.map((choice) => (
            <option key={choice}>{choice}</option>
          ))}
        </select>
      ) : field.kind === "json" ? (
        <textarea
          {...common}
          rows={3}
          placeholder={field.placeholder || "JSON"}
          spellcheck={false}
        />
      ) : (
        <input
          {...common}
          type="text"
          inputMode={field.kind === "number" ? "decimal" : "text"}
          placeholder={field.placeholder}
          autocomplete="off"
        />
      )}
      {field.help && (
        <p class="help" id={`${id}-help`}>
          {field.help}
        </p>
      )}
      {fault && (
        <p class="bad" id={`${id}-fault`}>
          {fault}
        </p>
      )}
    </div>
  );
}
