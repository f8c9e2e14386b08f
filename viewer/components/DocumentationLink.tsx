/** The way from the page to what is written about it. */

import { isAlone } from "../page/answering.ts";

/** Opens the documentation that the server has; a page without a server has none beside it. */
export function DocumentationLink() {
  if (isAlone()) return null;
  return (
    <p class="note">
      <a href="/docs/index.html" target="_blank" rel="noopener">Documentation</a>, in a tab of its own
    </p>
  );
}
