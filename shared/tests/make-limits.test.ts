import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { describeMakeError, MAX_SUBERRORS } from "#shared/make-api/errors.ts";
import { MAX_JOURNAL_ENTRIES, readJournal, recordChange } from "#shared/make-api/journal.ts";
import { withTempDir } from "#shared/testing/temp-dir.ts";

const change = (at: number) => ({ at: String(at), tool: "t", endpoint: "e", target: {} });

test.each([
  [MAX_JOURNAL_ENTRIES - 1, "0"],
  [MAX_JOURNAL_ENTRIES, "1"],
])("a journal of %i changes takes one more and begins at change %s", (count, first) =>
  withTempDir(async (folder) => {
    const entries = Array.from({ length: count }, (_, at) =>
      JSON.stringify({ ...change(at), previous: "p", hash: "h" }),
    );
    await writeFile(join(folder, "journal.jsonl"), `${entries.join("\n")}\n`);
    await recordChange(folder, change(count));
    const kept = (await readJournal(folder)).entries;
    expect(kept).toHaveLength(MAX_JOURNAL_ENTRIES);
    expect([kept[0]?.at, kept.at(-1)?.at]).toEqual([first, String(count)]);
  }),
);

test.each([0, 1])("of sub-errors so many are told: %i over it", (over) => {
  const suberrors = Array.from({ length: MAX_SUBERRORS + over }, (_, at) => ({
    name: `field${at}`,
    message: "is wrong",
  }));
  const { details } = describeMakeError(400, { suberrors });
  expect(details?.suberrors).toEqual(suberrors.slice(0, MAX_SUBERRORS));
});
