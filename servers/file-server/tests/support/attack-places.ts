import { chmod, mkdir, mkdtemp, readdir, realpath, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type AttackCase, fillIn, type Setup } from "./attack-cases.ts";
import { runCase } from "./attack-run.ts";
import { type BuiltServer, startBuilt, type User } from "./built-server.ts";

const NOBODY = { uid: 65_534, gid: 65_534 };

/** Root can do what a user cannot, and a user is refused what root is not: both must hold. */
export const USERS: [string, User][] = [["whoever runs the tests", {}]];
if (process.getuid?.() === 0) USERS.push(["an ordinary user", NOBODY]);

/** What all cases of one user and one collection share. */
interface AttackRun {
  fixture: readonly Setup[];
  user: User;
  /** Where the built server lies, for every user to read. */
  installed: string;
}

/** Of operations and setup: they change what a server knows, or race, or leave what cannot be removed by name. */
const LONELY_OPS = ["setup", "set_roots", "undo_changes"];
const LONELY_SETUP = ["racer", "rawname", "rawdir"];

/** Whether a case needs a server that nobody asked before, and that nobody asks afterwards. */
export const isLonely = ({ env, roots, calls, setup = [], expect: { maxRssMB } }: AttackCase) =>
  env !== undefined ||
  roots !== undefined ||
  maxRssMB !== undefined ||
  calls.some(({ op }) => LONELY_OPS.includes(op)) ||
  setup.some(({ type }) => LONELY_SETUP.includes(type));

/** A folder, and the server that works in it: each case finds the fixture as new. */
export class AttackPlace {
  readonly #run: AttackRun;
  readonly #folder: string;
  readonly #root: string;
  #server: BuiltServer | undefined;

  private constructor(run: AttackRun, folder: string) {
    this.#run = run;
    this.#folder = folder;
    this.#root = join(folder, "root");
  }

  static async make(run: AttackRun): Promise<AttackPlace> {
    // the real path: on macOS the temporary folder is a link
    const folder = await realpath(await mkdtemp(join(tmpdir(), "attacks-")));
    await chmod(folder, 0o755);
    return new AttackPlace(run, folder);
  }

  async attack(attack: AttackCase): Promise<void> {
    const filled = fillIn(attack, this.#names());
    await this.#clear();
    try {
      const { fixture, user } = this.#run;
      const server = async () => {
        this.#server ??= await this.#start(filled);
        return this.#server;
      };
      const place = { folder: this.#folder, root: this.#root, server };
      await runCase(filled, place, { fixture: fillIn(fixture, this.#names()), user });
    } catch (error) {
      // the next case does not answer for this one
      await this.#stop();
      throw error;
    }
  }

  async remove(): Promise<void> {
    await this.#stop();
    await rm(this.#folder, { recursive: true, force: true, maxRetries: 5 });
  }

  #names(): Record<string, string> {
    const [T, ROOT] = [this.#folder, this.#root];
    return { T, ROOT, OUT: join(T, "outside"), ROOT_CASE: join(T, "ROOT") };
  }

  #start({ env = {}, roots = [this.#root] }: AttackCase): Promise<BuiltServer> {
    const { user, installed } = this.#run;
    const all = { ALLOW_WRITE: "true", ...env };
    return startBuilt(roots, { user, folder: installed, env: all, cwd: this.#root });
  }

  /** All but the allowed folder itself, which the server may hold open. */
  async #clear(): Promise<void> {
    await mkdir(this.#root, { recursive: true });
    for (const folder of [this.#folder, this.#root])
      for (const name of await readdir(folder))
        if (join(folder, name) !== this.#root)
          await rm(join(folder, name), { recursive: true, force: true, maxRetries: 5 });
  }

  async #stop(): Promise<void> {
    await this.#server?.stop();
    this.#server = undefined;
  }
}
