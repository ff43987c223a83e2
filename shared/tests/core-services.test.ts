import { describe, expect, test } from "vitest";
import { silentLog } from "#shared/core/log.ts";
import { createServices, type ServiceMap } from "#shared/core/services.ts";

const now = () => new Date(0);
const services = (map: ServiceMap<object>) =>
  createServices(map, { config: {}, log: silentLog, now });
/** A promise and what settles it. */
function deferred<T>() {
  let resolve: (value: T) => void = () => {};
  let reject: (error: unknown) => void = () => {};
  const promise = new Promise<T>((yes, no) => {
    resolve = yes;
    reject = no;
  });
  return { promise, resolve, reject };
}

test("a service is opened on first use, once, however many ask at the same time", async () => {
  let opened = 0;
  const { get, opened: names } = services({ db: { open: async () => ({ id: ++opened }) } });
  expect([opened, names()]).toEqual([0, []]);
  const values = await Promise.all(Array.from({ length: 20 }, () => get("db")));
  expect(new Set(values).size).toBe(1);
  expect([opened, names()]).toEqual([1, ["db"]]);
});

test("a service keeps time by the clock of the calls", async () => {
  const { get } = services({ clock: { open: (setup) => setup.now() } });
  expect(await get("clock")).toEqual(new Date(0));
});

test("a failure goes to all who waited, and the next one tries anew", async () => {
  let tries = 0;
  const { get, opened } = services({
    db: {
      open: () => {
        tries += 1;
        if (tries === 1) throw new Error("down");
        return "up";
      },
    },
  });
  const both = await Promise.allSettled([get("db"), get("db")]);
  expect(both.map(({ status }) => status)).toEqual(["rejected", "rejected"]);
  expect(tries).toBe(1);
  expect(await get("db")).toBe("up");
  expect(opened()).toEqual(["db"]);
});

describe("closing", () => {
  const closing = (order: string[], failing: string[] = []) =>
    Object.fromEntries(
      ["a", "b", "c"].map((name) => [
        name,
        {
          open: () => name,
          close: (value: string) => {
            order.push(value);
            if (failing.includes(name)) throw new Error(`${name} is stuck`);
          },
        },
      ]),
    );

  test("goes in reverse order of opening, and touches nothing that was not opened", async () => {
    const order: string[] = [];
    const { get, close } = services(closing(order));
    await get("c");
    await get("a");
    await close();
    expect(order).toEqual(["a", "c"]);
    await close();
    expect(order).toEqual(["a", "c"]);
  });

  test("goes on after a failure and then tells all of them", async () => {
    const order: string[] = [];
    const { get, close } = services(closing(order, ["b", "c"]));
    for (const name of ["a", "b", "c"]) await get(name);
    const error = await close().catch((failure: AggregateError) => failure);
    expect(order).toEqual(["c", "b", "a"]);
    expect((error as AggregateError).errors.map(({ cause }) => String(cause))).toEqual([
      "Error: c is stuck",
      "Error: b is stuck",
    ]);
  });

  test("while one opens waits for it, closes it, and its caller hears of it", async () => {
    const gate = deferred<string>();
    const closed: string[] = [];
    const all = services({
      slow: { open: () => gate.promise, close: (value: string) => void closed.push(value) },
    });
    const waiting = all.get("slow");
    const outcome = waiting.catch((error: Error) => error.message);
    const close = all.close();
    gate.resolve("late");
    await close;
    expect(await outcome).toContain("closed while");
    expect(closed).toEqual(["late"]);
    await expect(all.get("slow")).rejects.toThrow("The server is closed");
  });
});

test("an unknown service is a mistake of ours and says its name", async () => {
  await expect(services({}).get("nope")).rejects.toThrow('No service is named "nope"');
});

test("a check asks only what is open", async () => {
  const asked: unknown[] = [];
  const { get, check } = services({
    db: { open: () => "value", check: (value: unknown) => void asked.push(value) },
  });
  await check("db");
  expect(asked).toEqual([]);
  await get("db");
  await check("db");
  expect(asked).toEqual(["value"]);
});
