/**
 * Two windows on one scan at once, with actions in any order: no window ever shows a number that its own run does not have.
 * CRYSTALLITE_TEST_SEEDS says how many orders are tried.
 */

import assert from "node:assert/strict";
import { join } from "node:path";
import type { Page } from "../../support/playwright.ts";
import { browserTest } from "../../support/browser.ts";
import { withFolder } from "../../support/folders.ts";
import { seededRandom } from "../../support/random.ts";
import { clickProbe, savedLabels, showFile, shows } from "../../support/viewer_page.ts";
import {
  command,
  labelsOf,
  patternAt,
  sameNumbers,
  scanColumns,
  scanRows,
  sumOf,
  tableOf,
  writeScan,
} from "../../support/viewer_scans.ts";

const radii = ["4", "6"], thresholds = ["0.97", "0.985", "0.992"], actions = 20;
const seeds = Number(Deno.env.get("CRYSTALLITE_TEST_SEEDS") ?? 2);

/** What a page says, all of one moment. */
interface Said {
  readonly threshold: string;
  readonly command: string | null;
  readonly probe: string;
  readonly upper: string;
  readonly rows: readonly (readonly [cluster: string, size: string])[];
}

async function saidBy(page: Page): Promise<Said> {
  return await page.evaluate(() => {
    const text = (element: Element | null | undefined) =>
      (element?.textContent ?? "").replaceAll("\u202f", "");
    const captions = document.querySelectorAll(".reciprocal figcaption");
    const source = captions[0]?.querySelector("select");
    return {
      threshold:
        document.querySelector<HTMLInputElement>("input[aria-label='Similarity threshold']")?.value ?? "",
      command: document.querySelector("pre.code")?.textContent ?? null,
      probe: text(captions[1]),
      upper: source?.value === "cluster"
        ? `${text(source.selectedOptions[0])} ${text(captions[0].lastElementChild)}`
        : "",
      rows: Array.from(document.querySelectorAll(".list .row"), (row) =>
        [
          text(row.querySelector(".name")).replace(/\D/g, ""),
          text(row.querySelector(":scope > span")),
        ] as const),
    };
  });
}

browserTest("two windows never mix their runs up", (open, step) =>
  withFolder(async (folder) => {
    const scan = await writeScan(folder);
    /** Results by radius and threshold. */
    const truth = new Map<string, string>();
    for (const radius of radii) {
      for (const threshold of thresholds) {
        const out = join(folder, `truth ${radius} ${threshold}`);
        const method = ["--blur", "1", "--q-mask", `outside:${radius}`, "--threshold", threshold];
        await command("cluster", scan.path, "--out", out, ...method);
        truth.set(`${radius} ${threshold}`, out);
      }
    }
    /** Every cluster that any of them has: number and size. */
    const known = new Set(
      Array.from(truth.values()).flatMap((out) => tableOf(out).map(({ size }, id) => `${id} ${size}`)),
    );
    const { page: first } = await open({
      args: [folder],
      context: { viewport: { width: 1440, height: 900 } },
      mayBeRefused: true,
    });
    const second = await first.context().newPage();
    second.setDefaultTimeout(10_000);
    const pages = [first, second];
    await showFile(first, truth.get("4 0.985")!);
    await second.goto(first.url());
    await second.locator(".list .row").first().waitFor();

    const check = async (page: Page) => {
      const { command: told, threshold, probe, upper, rows } = await saidBy(page);
      const [, row, column] = /Probe \((\d+), (\d+)\)/.exec(probe) ?? [];
      const counts = /([\d.]+) counts/.exec(probe)?.[1];
      if (counts) assert.equal(Number(counts), sumOf(patternAt(scan, Number(row), Number(column))), probe);
      const average = /^Cluster (\d+) average of (\d+) patterns/.exec(upper);
      if (average) assert.ok(known.has(`${average[1]} ${average[2]}`), upper);
      for (const [id, size] of rows) assert.ok(known.has(`${id} ${size}`), `cluster ${id} of ${size} probes`);
      const commanded = /--threshold ([\d.]+)/.exec(told ?? "")?.[1];
      if (commanded) assert.equal(Number(commanded), Number(threshold), told!);
    };

    for (let seed = 1; seed <= seeds; seed++) {
      await step(`in order ${seed}`, async () => {
        const random = seededRandom(seed),
          pick = <Value>(values: readonly Value[]) => values[Math.floor(random() * values.length)];
        const tab = (page: Page, name: string) =>
          page.getByRole("tab", { name: new RegExp(`^${name}`) }).click();
        const field = async (page: Page, label: string, value: string) => {
          const input = page.getByRole("textbox", { name: label, exact: true });
          await input.fill(value);
          await input.press("Enter");
        };
        const deeds: ((page: Page) => Promise<unknown>)[] = [
          (page) => clickProbe(page, Math.floor(random() * scanRows), Math.floor(random() * scanColumns)),
          (page) => clickProbe(page, Math.floor(random() * scanRows), Math.floor(random() * scanColumns)),
          (page) => field(page, "Similarity threshold", pick(thresholds)),
          (page) => field(page, "Similarity threshold", pick(thresholds)),
          (page) =>
            page.getByLabel("What the upper picture shows").selectOption(
              pick(["cluster", "mean", "maximum"]),
            ),
          (page) => tab(page, pick(["Clusters", "Export"])),
          async (page) => {
            const newest = page.getByRole("button", { name: "Show the last run" });
            if (await newest.isVisible()) await newest.click();
          },
          async (page) => {
            await tab(page, "Parameters");
            await page.getByLabel("Radius in pixels", { exact: true }).fill(pick(radii));
            await page.keyboard.press("Control+Enter");
          },
        ];
        for (let action = 0; action < actions; action++) {
          // What cannot be done at the moment, as during a run, is no matter: nobody waits for it.
          await Promise.all(
            pages.map((page) => Promise.race([pick(deeds)(page), page.waitForTimeout(1500)]).catch(() => {})),
          );
          for (const page of pages) await check(page);
        }
        for (const page of pages) {
          await page.getByRole("progressbar").waitFor({ state: "detached", timeout: 30_000 });
          const close = page.getByRole("alert").getByRole("button", { name: /Close|Stay here/ });
          if (await close.isVisible()) await close.click();
          await page.getByRole("tab", { name: "Export" }).click();
          await shows(() => page.locator("pre.code").innerText(), /--q-mask outside:\d/);
          const said = await saidBy(page);
          const radius = /--q-mask outside:(\d)/.exec(said.command!)![1];
          const own = truth.get(`${radius} ${Number(said.threshold)}`)!;
          sameNumbers(await savedLabels(page, folder), labelsOf(own));
        }
      });
    }
  }));
