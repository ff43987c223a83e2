import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { KILL_MS, untilAborted } from "../src/mysql/until-aborted.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const connection = () => ({ destroy: vi.fn() });

test("a connection whose call is over is left alone when the time of that call is up", async () => {
  const own = connection();
  const limit = new AbortController();
  await expect(untilAborted(Promise.resolve(1), limit.signal, own)).resolves.toBe(1);
  limit.abort(new Error("late"));
  await vi.advanceTimersByTimeAsync(KILL_MS);
  expect(own.destroy).not.toHaveBeenCalled();
});

test("one that does not end when it is killed is cut", async () => {
  const own = connection();
  const limit = new AbortController();
  const running = untilAborted(new Promise(() => {}), limit.signal, own);
  const failed = expect(running).rejects.toThrow("late");
  limit.abort(new Error("late"));
  await vi.advanceTimersByTimeAsync(KILL_MS - 1);
  expect(own.destroy).not.toHaveBeenCalled();
  await vi.advanceTimersByTimeAsync(1);
  await failed;
  expect(own.destroy).toHaveBeenCalledOnce();
});

test("one that ends in time after it was killed is not", async () => {
  const own = connection();
  const limit = new AbortController();
  let end: (error: Error) => void = () => {};
  const work = new Promise<never>((_, reject) => {
    end = reject;
  });
  const failed = expect(untilAborted(work, limit.signal, own)).rejects.toThrow("interrupted");
  limit.abort(new Error("late"));
  end(new Error("interrupted"));
  await failed;
  await vi.advanceTimersByTimeAsync(KILL_MS);
  expect(own.destroy).not.toHaveBeenCalled();
});
