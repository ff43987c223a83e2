import { beforeAll, describe } from "vitest";
import { ensureBuilt } from "./build.ts";
import { describeClients } from "./contract-clients.ts";
import { describeDefinition } from "./contract-definition.ts";
import { describeEnvironment } from "./contract-environment.ts";
import { describeErrors } from "./contract-errors.ts";
import { describeHttp } from "./contract-http.ts";
import { describeSecrets } from "./contract-secrets.ts";
import { describeSlow } from "./contract-slow.ts";
import { describeImport, describeStart } from "./contract-start.ts";
import { describeStdio } from "./contract-stdio.ts";
import { type ContractOptions, resolveOptions, type TestableServer } from "./options.ts";

const BUILD_TIMEOUT_MS = 120_000;

/**
 * What every server of this kind keeps to, as tests: called once, at the top of a test file that
 * runs in the server's folder. It uses the built files, and builds them when they are missing or
 * older than the source. Throws a TypeError when `example` is needed and cannot be inferred.
 */
export function describeContract(server: TestableServer, options: ContractOptions = {}): void {
  const contract = resolveOptions(server, options);
  describe(`the contract of ${server.name}`, () => {
    beforeAll(async () => {
      if (!options.entries) await ensureBuilt();
    }, BUILD_TIMEOUT_MS);
    describeDefinition(contract);
    describeErrors(contract);
    describeClients(contract);
    describeImport(contract);
    describeStart(contract);
    describeEnvironment(contract);
    describeStdio(contract);
    describeHttp(contract);
    describeSecrets(contract);
    describeSlow(contract);
  });
}
