import type { Instance, ServerModule, ToolListing } from "#shared/core/contract.ts";
import type { Surface } from "../activity/activity.ts";
import type { Counts } from "../activity/counts.ts";
import { isObject } from "../foreign/wire.ts";
import type { Catalogue } from "../mounts/catalogue.ts";
import { facadeModule } from "../mounts/facade-module.ts";
import { isServing, type Mount, type MountStatus } from "../mounts/mount.ts";
import type { DefinitionKind } from "../pins/definitions.ts";
import type { Pins } from "../pins/pins.ts";
import type { Guard } from "./guard.ts";
import { mayRead, mayUse, type Viewer } from "./policy.ts";
import { viewInstance } from "./view-instance.ts";

export interface MountViewOptions {
  mount: Mount;
  viewer: Viewer;
  surface: Surface;
  guard: Guard;
  pins: Pins | undefined;
}

/** A tool that a viewer may call. */
export interface UsableTool {
  counts: Counts;
  isDestructive: boolean;
  /**
   * Names of arguments that its schema has, each with itself as JSON: others are made up by callers, and
   * may hold anything.
   */
  argumentNames: ReadonlyMap<string, string>;
}

/**
 * A mount as one viewer has it by one surface: what they may not know of, and what is held back, is not
 * there. Surfaces are made of views alone, so nothing but the policy decides what they show and call.
 */
export class MountView {
  readonly module: ServerModule;
  readonly instance: Instance;
  readonly #options: MountViewOptions;
  #of: Catalogue | undefined;
  #shown: Catalogue | undefined;
  #usable = new Map<string, UsableTool>();

  constructor(options: MountViewOptions) {
    const { mount, viewer, surface, guard } = options;
    this.#options = options;
    this.instance = viewInstance(this, { mount, surface, guard });
    this.module = facadeModule(this, viewer.grants ? "private" : "public");
  }

  get name(): string {
    return this.#options.mount.name;
  }
  get prefix(): string {
    return this.#options.mount.prefix;
  }
  get required(): boolean {
    return this.#options.mount.required;
  }
  get status(): MountStatus {
    return this.#options.mount.status;
  }

  get catalogue(): Catalogue {
    const { mount, pins } = this.#options;
    const whole = pins ? pins.shown(mount.name, mount.catalogue) : mount.catalogue;
    if (this.#of !== whole || !this.#shown) {
      this.#of = whole;
      this.#shown = this.#filter(whole);
    }
    return this.#shown;
  }

  /** Whether prompts and resources are there. */
  get mayRead(): boolean {
    return mayRead(this.#options.viewer, this.#options.mount);
  }

  /** A tool that may be called: one that is shown, or any of a server that was never seen. */
  usable(tool: string): UsableTool | undefined {
    const { mount, viewer, guard } = this.#options;
    const { tools } = this.catalogue;
    const known = this.#usable.get(tool);
    if (known || tools.length > 0 || mount.catalogue.tools.length > 0) return known;
    if (isServing(mount.status) || !mayUse(viewer, mount, tool, undefined)) return undefined;
    return {
      counts: guard.activity.countsOf(mount.name, "tools/call"),
      isDestructive: true,
      argumentNames: NO_NAMES,
    };
  }

  /** Whether something beside tools that the viewer may have is held back. */
  isWithheld(kind: Exclude<DefinitionKind, "tool">, name: string): boolean {
    const { mount, pins } = this.#options;
    return this.mayRead && pins?.isHeld(mount.name, kind, name) === true;
  }

  /** Whether a tool that the viewer may use is held back. */
  isHeld(tool: string): boolean {
    const { mount, viewer, pins } = this.#options;
    const listing = mount.catalogue.tools.find(({ name }) => name === tool);
    const isHeld = listing !== undefined && pins?.isHeld(mount.name, "tool", tool) === true;
    return isHeld && mayUse(viewer, mount, tool, listing);
  }

  #filter(whole: Catalogue): Catalogue {
    const { mount, viewer, guard } = this.#options;
    const tools = whole.tools.filter((listing) => mayUse(viewer, mount, listing.name, listing));
    this.#usable = new Map(
      tools.map((listing) => [
        listing.name,
        {
          counts: guard.activity.countsOf(mount.name, "tools/call", listing.name),
          isDestructive: isDestructive(listing),
          argumentNames: argumentNames(listing),
        },
      ]),
    );
    const reads = this.mayRead;
    if (reads && tools.length === whole.tools.length) return whole;
    const none = { prompts: [], resources: [], resourceTemplates: [] };
    return { ...whole, tools, ...(!reads && none) };
  }
}

const NO_NAMES: ReadonlyMap<string, string> = new Map();
/** Names of arguments of a tool that are remembered. */
const MAX_NAMES = 100;

function argumentNames({ inputSchema }: ToolListing): ReadonlyMap<string, string> {
  const { properties } = inputSchema;
  if (!isObject(properties)) return NO_NAMES;
  const names = Object.keys(properties).slice(0, MAX_NAMES);
  return new Map(names.map((name) => [name, JSON.stringify(name)]));
}

/** As MCP has it: a tool that does not say otherwise writes, and may destroy. */
const isDestructive = ({ annotations }: ToolListing): boolean =>
  annotations?.readOnlyHint !== true && annotations?.destructiveHint !== false;
