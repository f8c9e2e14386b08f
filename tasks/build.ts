/** Builds whatever is older than its sources: the kernels, what the viewer runs in the browser, and the page for results. */

import { buildKernels } from "./build_kernels.ts";
import { buildPage } from "./build_page.ts";
import { buildViewer } from "./build_viewer.ts";

await buildKernels();
const root = new URL("../", import.meta.url);
await buildViewer(root);
await buildPage(root);
