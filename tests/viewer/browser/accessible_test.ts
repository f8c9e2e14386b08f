/** No state of the page breaks a rule that axe checks, speaks in flags of the command line, or cuts a control off. */

import assert from "node:assert/strict";
import { demandAccessible } from "../../support/axe.ts";
import { browserTest } from "../../support/browser.ts";
import { cutOff, flagsNamed } from "../../support/page_rules.ts";
import { goThrough, stateWindow } from "../../support/page_states/page_state.ts";
import { walks } from "../../support/page_states/walks.ts";
import { shows } from "../../support/viewer_page.ts";

for (const walk of walks) {
  browserTest(`accessible in every state: ${walk.name}`, async (open, _step, folder) => {
    const files = await walk.prepare(folder);
    const { page, origin } = await open({
      args: [folder, "--workers", "1"],
      context: stateWindow,
      // A file that is not there, and a server that cannot be reached, are among the states.
      mayComplain: true,
    });
    await goThrough(walk, { page, origin, files }, async ({ name }) => {
      await demandAccessible(page, name);
      assert.deepEqual(await flagsNamed(page), [], name);
      // A window of another size is arranged a moment later.
      await shows(async () => ({ name, cut: await cutOff(page) }), { name, cut: [] });
    });
  });
}
