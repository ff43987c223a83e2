import { useState } from "preact/hooks";
import type { HeldDefinition } from "../../pins/pins.ts";
import { act } from "./api.ts";
import { Columns } from "./columns.tsx";
import { definitionWords } from "./format.ts";

const shown = (value: unknown) =>
  value === undefined ? "–" : typeof value === "string" ? value : JSON.stringify(value, null, 1);

/** Definitions that are other than what was approved, each as what changed in it. */
export function Held({ held }: { held: readonly HeldDefinition[] }) {
  const [word, setWord] = useState("");
  const approve = ({ server, kind, name, digest }: HeldDefinition) =>
    act({ action: "approve", server, kind, name, digest }).then(
      () => setWord(`${definitionWords(kind, name)} of ${server} is shown again.`),
      (error: Error) => setWord(error.message),
    );
  return (
    <>
      <p aria-live="polite">{word}</p>
      {held.map((one) => (
        <article key={`${one.server} ${one.kind} ${one.name}`} class="held">
          <h3>
            <code>{definitionWords(one.kind, one.name)}</code> of {one.server}{" "}
            <span class="state warning">{one.reason}</span>
          </h3>
          {one.suspicions.map((suspicion) => (
            <p key={suspicion} class="warning">
              {suspicion}
            </p>
          ))}
          <table class="differences">
            <Columns names={["Where", "Approved", "Now"]} />
            <tbody>
              {one.differences.map(({ path, before, after }) => (
                <tr key={path}>
                  <th scope="row">
                    <code>{path}</code>
                  </th>
                  <td class="before">{shown(before)}</td>
                  <td class="after">{shown(after)}</td>
                </tr>
              ))}
            </tbody>
          </table>
          <button type="button" class="primary" onClick={() => approve(one)}>
            Approve {definitionWords(one.kind, one.name)}
          </button>
        </article>
      ))}
    </>
  );
}
