import type { ServerModule } from "../../../shared/core/contract.ts";
import type { DeployFacts } from "../deploy/deploy-facts.ts";

/** One environment variable, as every document about the server needs it. */
export interface VariableFacts {
  name: string;
  describe: string;
  secret: boolean;
  /** The server does not start without it. */
  required: boolean;
  /** What holds when it is absent, as one would write it into the environment. */
  default?: string;
  /** What holds instead when it is absent, by ENVIRONMENT. */
  profiles: Record<string, string>;
  /** Where to get a value. */
  from?: string;
  choices?: string[];
  type: "string" | "number" | "boolean";
  /** How a start that does not load the schema can judge a value: `VariableKind` of shared/core. */
  kind: string | string[] | Record<string, unknown>;
  /** Stands for others that begin as it does. */
  family?: true;
  /** Every server reads it; else it is this server's own. */
  standard: boolean;
}

/** What package.json says and the definition does not. */
export interface PackageFacts {
  mcpName: string;
  license: string;
  author: string;
  /** The range of Node it runs on. */
  node: string;
  /** Web address of the repository. */
  repository: string;
  /** Where in the repository it is. */
  directory: string;
  /** What the bundle leaves outside: native and wasm packages. */
  runtimePackages: string[];
}

/** All that is generated about a server follows from this. */
export interface ServerFacts {
  /** Name of the folder, and of the package. */
  name: string;
  server: Omit<ServerModule, "open">;
  package: PackageFacts;
  deploy: DeployFacts;
  variables: VariableFacts[];
  /** What stands between the markers of its README that no other server has: `src/readme.ts`. */
  regions: Record<string, string>;
}

/** The name by which a gateway and most clients know it. */
export const shortName = (name: string): string => name.replace(/-server$/, "");

/** Only the HTTP entry reads these, so nothing that starts the stdio entry should ask for them. */
const HTTP_ONLY = ["HOST", "PORT", "ALLOWED_HOSTS", "ALLOWED_ORIGINS", "REQUEST_STATE_KEY"];

export const stdioVariables = ({ variables }: ServerFacts): VariableFacts[] =>
  variables.filter(({ name }) => !HTTP_ONLY.includes(name));
