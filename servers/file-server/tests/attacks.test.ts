import { afterAll, beforeAll, describe, test } from "vitest";
import { ensureBuilt } from "./shared/testing/build.ts";
import { COLLECTION, MORE, runsHere } from "./support/attack-cases.ts";
import { AttackPlace, isLonely, USERS } from "./support/attack-places.ts";
import { installForAll } from "./support/built-server.ts";

const CASE_TIMEOUT_MS = 60_000;

let installed: Awaited<ReturnType<typeof installForAll>>;

beforeAll(async () => {
  await ensureBuilt();
  installed = await installForAll();
}, CASE_TIMEOUT_MS * 2);

afterAll(() => installed.remove());

describe.each(USERS)("attacks on the built server, run by %s", (_, user) => {
  describe.each([
    ["of the collection", COLLECTION],
    ["of our own", MORE],
  ])("%s", (_name, { fixture, cases }) => {
    const make = () => AttackPlace.make({ fixture, user, installed: installed.folder });
    let shared: AttackPlace;
    beforeAll(async () => {
      shared = await make();
    });
    afterAll(() => shared.remove());

    test.each(cases.filter(runsHere).map((one) => [one.id, one.title, one] as const))(
      "%s %s",
      async (_id, _title, attack) => {
        const place = isLonely(attack) ? await make() : shared;
        try {
          await place.attack(attack);
        } finally {
          if (place !== shared) await place.remove();
        }
      },
      CASE_TIMEOUT_MS,
    );
    test.skip.each(cases.filter((one) => !runsHere(one)).map(({ id, title }) => [id, title]))(
      "%s %s: needs what is not here",
      () => {},
    );
  });
});
