/** Rules of accessibility that every state of the page must keep, as axe checks them. */

import assert from "node:assert/strict";
import { axe } from "./axe_core.ts";
import type { Page } from "./playwright.ts";

/** What axe finds wrong with the page as it is. */
async function axeFindings(page: Page): Promise<string[]> {
  // The page's content security policy lets no script of others in; the driver's own evaluation is not subject to it.
  await page.evaluate(axe.source);
  return await page.evaluate(async () => {
    const { axe } = globalThis as unknown as {
      axe: { run(): Promise<{ violations: { id: string; help: string; nodes: { html: string }[] }[] }> };
    };
    const { violations } = await axe.run();
    return violations.flatMap(({ id, help, nodes }) =>
      nodes.map(({ html }) => `${id}: ${help}: ${html.slice(0, 160)}`)
    );
  });
}

/** Demands that axe finds nothing. */
export async function demandAccessible(page: Page, where: string): Promise<void> {
  assert.deepEqual(await axeFindings(page), [], where);
}
