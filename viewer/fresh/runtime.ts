/** What components import from `fresh/runtime`; runs on the server and in the browser. */

import type { ComponentChildren } from "preact";
import { headCollector } from "./head.ts";

/** Whether this code runs in a browser. */
export const IS_BROWSER = typeof document !== "undefined";

/** Puts its children into the `<head>` of the document, when the page is rendered on the server. */
export function Head({ children }: { children?: ComponentChildren }): null {
  headCollector.collect?.(children);
  return null;
}
