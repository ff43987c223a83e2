import { setting } from "./examples.ts";
import { describeFuzz } from "./shared/make-stub/fuzz.ts";

describeFuzz(setting);
