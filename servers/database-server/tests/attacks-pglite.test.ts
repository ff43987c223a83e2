import { pgliteFixture } from "./attacks/pglite-fixture.ts";
import { describeAttacks } from "./attacks/suite.ts";

const fixture = pgliteFixture();
// the only user of PGlite is a superuser
describeAttacks({ engine: "pglite", role: "superuser", url: fixture.url, state: fixture.state });
