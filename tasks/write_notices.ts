/** Writes THIRD_PARTY_NOTICES.md anew: `deno task notices`, after a package was added or changed. */

import { notices } from "./notices.ts";

const root = new URL("../", import.meta.url);
await Deno.writeTextFile(new URL("THIRD_PARTY_NOTICES.md", root), await notices(root));
