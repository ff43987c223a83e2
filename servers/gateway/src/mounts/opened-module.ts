import { CONTRACT_VERSION, type ServerModule } from "#shared/core/contract.ts";

/** The module of a server that is open already: what it lists, its instance says. */
export const openedModule = (
  facts: Pick<
    ServerModule,
    "name" | "title" | "version" | "description" | "instructions" | "port" | "features"
  >,
): ServerModule => ({
  contract: CONTRACT_VERSION,
  ...facts,
  tools: [],
  toolsets: {},
  resources: [],
  resourceTemplates: [],
  prompts: [],
  open: () => Promise.reject(new Error("It is open already")),
});
