import { sqliteFixture } from "./attacks/sqlite-fixture.ts";
import { describeAttacks } from "./attacks/suite.ts";

const fixture = sqliteFixture();
describeAttacks({ engine: "sqlite", role: "file", url: fixture.url, state: fixture.state });
