import { setting } from "./examples.ts";
import { describeEveryTool } from "./shared/make-stub/every-tool.ts";

describeEveryTool(setting);
