import { isDeepStrictEqual } from "node:util";
import fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";
import type { Instance, JsonObject } from "#shared/core/contract.ts";
import type { FetchableServer } from "#shared/mcp/define-server.ts";
import type { States } from "./support/arbitrary-messages.ts";
import { type Sequence, sequences } from "./support/arbitrary-stdio.ts";
import { askedStates, openTestServer, sorted, testServer } from "./support/differential-server.ts";
import {
  deployedStdio,
  feedAtOnce,
  feedInTurn,
  fetchable,
  type StdioSide,
  sdkOverStdio,
} from "./support/exchange-stdio.ts";
import { withoutEndedError } from "./support/kept-differences.ts";

/** Sequences for each test. DIFFERENTIAL_RUNS and DIFFERENTIAL_SEED ask for more, and others. */
const RUNS = Number(process.env.DIFFERENTIAL_RUNS ?? 400);
const SEED = Number(process.env.DIFFERENTIAL_SEED ?? 20_260_728);
const LIMIT_MS = 60_000 + RUNS * 200;

const LOADS: Record<string, () => Promise<unknown>> = {
  "is there": async () => {},
  "loads slowly": () => new Promise((resolve) => setTimeout(resolve, 4)),
};

const isNotification = (message: JsonObject) => "method" in message && !("id" in message);
const textOf = (value: unknown) => JSON.stringify(sorted(value));
const byText = (a: unknown, b: unknown) => (textOf(a) < textOf(b) ? -1 : 1);

const isQuestion = (message: JsonObject) => "method" in message && "id" in message;

/** What the server asks is numbered in the order in which it comes to ask. */
function withoutNumber({ id: _, ...question }: JsonObject): JsonObject {
  const { _meta: __, ...params } = Object(question.params);
  return { ...question, params };
}

/**
 * What a client can tell apart: the answers by id, and the notifications in their order, which has a
 * meaning only while no two requests run at once. Who is faster decides of what was cancelled.
 */
function seen({ sent }: StdioSide, { cancelled }: Sequence, inTurn: boolean) {
  const kept = sent.filter(({ id }) => id === undefined || !cancelled.has(id));
  const notifications = kept.filter(isNotification);
  const others = kept.filter((message) => !isNotification(message)).map(withoutEndedError);
  const numbered = others.map((one) => (inTurn || !isQuestion(one) ? one : withoutNumber(one)));
  return {
    answers: numbered.toSorted(byText),
    notifications: inTurn ? notifications : notifications.toSorted(byText),
  };
}

describe.each(Object.entries(LOADS))("A connection over stdio whose backend %s", (_, load) => {
  let server: FetchableServer;
  let instance: Instance;
  let states: States;

  beforeAll(async () => {
    server = fetchable(testServer());
    instance = await openTestServer(server);
    states = await askedStates(instance);
  });

  async function compare(sequence: Sequence, inTurn: boolean): Promise<void> {
    const deployed = deployedStdio(server, instance, load);
    const sdk = sdkOverStdio(server, instance);
    for (const side of [deployed, sdk]) {
      if (inTurn) await feedInTurn(side, sequence.messages);
      else await feedAtOnce(side, sequence.messages, sequence.cancelled);
    }
    const both = [deployed, sdk].map((side) => seen(side, sequence, inTurn));
    await Promise.all([deployed.close(), sdk.close()]);
    if (!isDeepStrictEqual(both[0], both[1])) expect(both[0]).toEqual(both[1]);
  }

  it.each([
    { how: "one message after the other", inTurn: true },
    { how: "all messages at once", inTurn: false },
  ])("answers $how as the SDK alone does", { timeout: LIMIT_MS }, async ({ inTurn }) => {
    const property = fc.asyncProperty(sequences(states), (sequence) => compare(sequence, inTurn));
    await fc.assert(property, { numRuns: RUNS, seed: SEED });
  });
});
