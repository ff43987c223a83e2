import { serve } from "./local/serve.ts";
import { openPglite } from "./pglite/open.ts";

/** Beyond this, in bytes, the process ends. An idle one has 400 MB. */
const MAX_RSS_BYTES = 1_024 * 1024 * 1024;

serve(openPglite, MAX_RSS_BYTES);
