/**
 * A page that is used for long holds no more memory than before, and neither does its server. CRYSTALLITE_TEST_ACTIONS says
 * how many actions are tried.
 */

import assert from "node:assert/strict";
import type { CDPSession } from "../../support/playwright.ts";
import { browserTest } from "../../support/browser.ts";
import { seededRandom } from "../../support/random.ts";
import { clickProbe, showFile } from "../../support/viewer_page.ts";
import { scanColumns, scanRows, writeResult, writeScan } from "../../support/viewer_scans.ts";

const actions = Number(Deno.env.get("CRYSTALLITE_TEST_ACTIONS") ?? 150);
/** Caches of averages and thumbnails are full by then. */
const warmUp = 100;
const mostGrowth = 2e6, mostServerGrowth = 32e6;

async function heap(session: CDPSession): Promise<number> {
  // Twice: what finalizers let go is collected by the second.
  for (let times = 0; times < 2; times++) await session.send("HeapProfiler.collectGarbage");
  return (await session.send("Runtime.getHeapUsage")).usedSize;
}

browserTest("actions leave no memory behind", async (open, _step, folder) => {
  const scan = await writeScan(folder), result = await writeResult(folder, scan.path);
  const { page, serverBytes } = await open({
    args: [folder],
    context: { viewport: { width: 1440, height: 900 } },
  });
  await showFile(page, result);
  const session = await page.context().newCDPSession(page), random = seededRandom(7);
  const between = (end: number) => Math.floor(random() * end);
  const above = ["cluster", "mean", "transform"], maps = ["clusters", "deflection"];
  const deeds = [
    () => clickProbe(page, between(scanRows), between(scanColumns)),
    () => clickProbe(page, between(scanRows), between(scanColumns)),
    () => page.keyboard.press("]"),
    () => page.keyboard.press("["),
    () => page.keyboard.press("o"),
    () => page.keyboard.press("2"),
    () => page.keyboard.press("1"),
    () => page.keyboard.press("l"),
    () => page.keyboard.press("y"),
    () => page.getByRole("button", { name: "Pin the pattern at the probe" }).click(),
    () => page.getByLabel("What the upper picture shows").selectOption(above[between(above.length)]),
    () => page.getByLabel("Maps of").selectOption(maps[between(maps.length)]),
    async () => {
      await page.keyboard.press("x");
      await page.keyboard.press("Control+z");
    },
    async () => {
      await page.getByRole("tab", { name: "Export" }).click();
      await page.getByRole("tab", { name: /^Clusters/ }).click();
    },
  ];
  const act = async (count: number) => {
    for (let action = 0; action < count; action++) await deeds[between(deeds.length)]();
    await page.waitForTimeout(500);
  };
  await act(warmUp);
  const before = await heap(session), serverBefore = serverBytes();
  await act(actions);
  const grown = await heap(session) - before;
  const served = serverBefore === null ? 0 : serverBytes()! - serverBefore;
  console.log(
    `${actions} actions: the heap grew by ${(grown / 1e3).toFixed(0)} kB of ${
      (before / 1e6).toFixed(1)
    } MB, the server by ${(served / 1e6).toFixed(1)} MB of ${((serverBefore ?? 0) / 1e6).toFixed(0)} MB`,
  );
  assert.ok(grown < mostGrowth, `${grown} bytes`);
  assert.ok(served < mostServerGrowth, `${served} bytes of the server`);
});
