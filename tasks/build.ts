/** Builds whatever is older than its sources: the kernels, and what the viewer runs in the browser. */

import { buildKernels } from "./build_kernels.ts";
import { buildViewer } from "./build_viewer.ts";

await buildKernels();
await buildViewer(new URL("../", import.meta.url));
