/** Where `<Head>` leaves its children: the server's renderer collects them, a browser ignores them. */

import type { ComponentChildren } from "preact";

/** Set while a page is rendered. */
export const headCollector: { collect: ((children: ComponentChildren) => void) | null } = { collect: null };
