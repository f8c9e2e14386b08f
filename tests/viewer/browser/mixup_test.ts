/**
 * Two windows on one scan at once, with actions in any order: no window ever shows a number that its own run does not have.
 * CRYSTALLITE_TEST_SEEDS says how many orders are tried, as `40` or, of many, as `81:120`.
 */

import assert from "node:assert/strict";
import { join } from "node:path";
import type { Page } from "../../support/playwright.ts";
import { browserTest } from "../../support/browser.ts";
import { usualWindow } from "../../support/film_page.ts";
import { seededRandom } from "../../support/random.ts";
import { slowness } from "../../support/slowness.ts";
import { clickProbe, dragMouse, pointAt, savedLabels, showFile, shows } from "../../support/viewer_page.ts";
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
/** How long an action may take, in milliseconds. */
const patience = 1500;
const [firstSeed, lastSeed] = seedsOf(Deno.env.get("CRYSTALLITE_TEST_SEEDS") ?? "2");

/** The first and the last seed of `LAST` or `FIRST:LAST`. */
function seedsOf(text: string): [number, number] {
  const [, first, last] = /^(?:(\d+):)?(\d+)$/.exec(text) ??
    assert.fail(`CRYSTALLITE_TEST_SEEDS is ${text}, no number of orders`);
  return [Number(first ?? 1), Number(last)];
}

/** What a page says, all of one moment. */
interface Said {
  /** What stands in the field of the threshold, and whether somebody writes there: then it does not hold yet. */
  readonly threshold: string;
  readonly writing: boolean;
  /** The threshold that holds, where a plot shows it. */
  readonly held: string | null;
  readonly command: string | null;
  readonly probe: string;
  readonly upper: string;
  readonly rows: readonly (readonly [cluster: string, size: string, note: string])[];
  /** Whether corrections by hand hold. */
  readonly edited: boolean;
  /** Whether they held at any moment since this was asked before. */
  readonly wasEdited: boolean;
  /** Whether a run goes on: the list is of the clusters before, and whether these are corrected is not to be seen. */
  readonly running: boolean;
}

async function saidBy(page: Page): Promise<Said> {
  return await page.evaluate(() => {
    const text = (element: Element | null | undefined) =>
      (element?.textContent ?? "").replaceAll("\u202f", "");
    const areEdited = () =>
      document.querySelector<HTMLButtonElement>("button[aria-label='Undo']")?.disabled === false;
    // Corrections may be made and undone between two questions.
    const seen = (globalThis as { seen?: { edited: boolean } }).seen ??= (() => {
      const seen = { edited: false };
      new MutationObserver(() => seen.edited ||= areEdited())
        .observe(document.body, { subtree: true, childList: true, attributeFilter: ["disabled"] });
      return seen;
    })();
    const captions = document.querySelectorAll(".reciprocal figcaption");
    const source = captions[0]?.querySelector("select");
    const field = document.querySelector<HTMLInputElement>("input[aria-label='Similarity threshold']");
    const handle = document.querySelector("[role=slider][aria-label='Similarity threshold']");
    const said = {
      threshold: field?.value ?? "",
      writing: field !== null && document.activeElement === field,
      held: /^[\d.]+/.exec(handle?.getAttribute("aria-valuetext") ?? "")?.[0] ?? null,
      command: document.querySelector("pre.code")?.textContent ?? null,
      probe: text(captions[1]),
      upper: source?.value === "cluster" || source?.value.startsWith("pin")
        ? `${text(source.selectedOptions[0])} ${text(captions[0].lastElementChild)}`
        : "",
      rows: Array.from(document.querySelectorAll(".list .row"), (row) =>
        [
          text(row.querySelector(".name")).replace(/\D/g, ""),
          text(row.querySelector(":scope > span")),
          /#\d+/.exec(text(row.querySelector(".place")))?.[0] ?? "",
        ] as const),
      edited: areEdited(),
      wasEdited: seen.edited,
      running: document.querySelector(".progress") !== null,
    };
    seen.edited = false;
    return said;
  });
}

browserTest("two windows never mix their runs up (case 2)", async (open, step, folder) => {
  const scan = await writeScan(folder);
  /** Results by radius and threshold. */
  const truth = new Map<string, string>();
  /** Every cluster that any of them has: number and size. */
  const known = new Set<string>();
  const learn = async (threshold: string) => {
    for (const radius of radii) {
      const out = join(folder, `truth ${radius} ${threshold}`);
      const method = ["--blur", "1", "--q-mask", `outside:${radius}`, "--threshold", threshold];
      await command("cluster", scan.path, "--out", out, ...method);
      truth.set(`${radius} ${threshold}`, out);
      tableOf(out).forEach(({ size }, id) => known.add(`${id} ${size}`));
    }
  };
  for (const threshold of thresholds) await learn(threshold);
  const { page: first } = await open({ args: [folder], context: usualWindow, mayBeRefused: true });
  const second = await first.context().newPage();
  second.setDefaultTimeout(10_000);
  const pages = [first, second];
  /** Probes that notes were written at, by their text. */
  const noted = new Map<string, number>();
  for (const page of pages) {
    page.on("request", (request) => {
      if (!/\/notes\b/.test(request.url()) || request.method() !== "POST") return;
      const { row, column, text } = request.postDataJSON();
      noted.set(text, row * scanColumns + column);
    });
  }
  await showFile(first, truth.get("4 0.985")!);
  await second.goto(first.url());
  await second.locator(".list .row").first().waitFor();

  const corrected = new Set<Page>();
  let noteCount = 0;
  /** Whether all has come. */
  const check = async (page: Page): Promise<boolean> => {
    const said = await saidBy(page);
    const { command: told, threshold, writing, held, probe, upper, rows, edited, wasEdited, running } = said;
    const [, row, column] = /Probe \((\d+), (\d+)\)/.exec(probe) ?? [];
    const counts = /([\d.]+) counts/.exec(probe)?.[1];
    if (counts) assert.equal(Number(counts), sumOf(patternAt(scan, Number(row), Number(column))), probe);
    const [, pinRow, pinColumn, pinned] = /^[AB]: probe \((\d+), (\d+)\) ([\d.]+) counts/.exec(upper) ?? [];
    if (pinned) {
      assert.equal(Number(pinned), sumOf(patternAt(scan, Number(pinRow), Number(pinColumn))), upper);
    }
    for (const [, , note] of rows) assert.ok(note === "" || noted.has(note), note);
    // A click that comes late may meet the threshold's plot; what is no number stays in its field, and does not hold.
    const written = threshold === "" ? NaN : Number(threshold);
    // On a busy machine it may take a while from writing a threshold to Enter: until then that before holds.
    if (held !== null && !writing && Number.isFinite(written)) assert.equal(written, Number(held));
    const chosen = held === null ? written : Number(held);
    if (Number.isFinite(chosen) && !truth.has(`${radii[0]} ${chosen}`)) await learn(String(chosen));
    const average = /^Cluster (\d+) average of (\d+) patterns/.exec(upper);
    const unknown = [...rows, ...average ? [[average[1], average[2]]] : []].filter(([id, size]) =>
      !known.has(`${id} ${size}`)
    );
    // Clusters corrected by hand are compared in the end; what was undone is shown until its labels have come.
    if (edited || wasEdited) corrected.add(page);
    if (!edited && !corrected.has(page)) assert.deepEqual(unknown, []);
    if (!edited && !running) {
      if (unknown.length > 0) return false;
      corrected.delete(page);
    }
    const commanded = /--threshold ([\d.]+)/.exec(told ?? "")?.[1];
    if (commanded && Number.isFinite(chosen)) assert.equal(Number(commanded), chosen, told!);
    return true;
  };

  for (let seed = firstSeed; seed <= lastSeed; seed++) {
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
      const between = (end: number) => Math.floor(random() * end);
      const press = async (page: Page, key: string) => {
        await page.locator("#map").focus();
        await page.keyboard.press(key);
      };
      /** Draws with a tool and gives what was drawn to a cluster. */
      const draw = async (page: Page, key: string, into: RegExp) => {
        const row = between(scanRows - 9), column = between(scanColumns - 9);
        const corners = await Promise.all(
          [[0, 0], [0, 8], [8, 8]].map(([down, right]) => pointAt(page, row + down, column + right)),
        );
        await press(page, key);
        if (key === "b") await dragMouse(page, corners);
        else for (const { x, y } of corners) await page.mouse.click(x, y);
        await press(page, "Enter");
        await page.getByRole("button", { name: into }).click();
        await press(page, "Escape");
      };
      const deeds: ((page: Page) => Promise<unknown>)[] = [
        (page) => clickProbe(page, between(scanRows), between(scanColumns)),
        (page) => clickProbe(page, between(scanRows), between(scanColumns)),
        (page) => field(page, "Similarity threshold", pick(thresholds)),
        (page) => field(page, "Similarity threshold", pick(thresholds)),
        (page) =>
          page.getByLabel("What the upper picture shows").selectOption(
            pick(["cluster", "mean", "maximum", "pinA", { label: "FFT of the probe" }]),
          ),
        (page) => tab(page, pick(["Clusters", "Export"])),
        (page) => page.getByRole("button", { name: "Pin the pattern at the probe" }).click(),
        (page) => page.getByLabel("Maps of").selectOption(pick(["clusters", "deflection"])),
        (page) => press(page, "y"),
        async (page) => {
          await page.getByLabel(/^Note on cluster/).fill(`#${noteCount++}`);
          await page.keyboard.press("Enter");
        },
        (page) => draw(page, "b", /^Into cluster \d+$/),
        (page) => draw(page, "p", /^(Split off|New cluster)$/),
        async (page) => {
          await page.getByRole("button", { name: "History of corrections" }).click();
          const steps = page.locator(".history [role=radio]");
          await steps.nth(between(await steps.count())).click();
          await press(page, "Escape");
        },
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
      const going: Promise<unknown>[] = [];
      for (const page of pages) page.setDefaultTimeout(patience);
      for (let action = 0; action < actions; action++) {
        // What cannot be done at the moment, as during a run, is no matter: nobody waits for it.
        await Promise.all(pages.map((page) => {
          const deed = pick(deeds)(page).catch(() => {});
          going.push(deed);
          return Promise.race([deed, page.waitForTimeout(patience)]);
        }));
        for (const page of pages) {
          for (let tries = 0; !await check(page); tries++) {
            assert.ok(tries < 200, "labels without corrections do not come");
            await page.waitForTimeout(25);
          }
        }
      }
      // What is late must not come between what is read and what is saved.
      await Promise.all(going);
      for (const page of pages) {
        page.setDefaultTimeout(10_000 * slowness());
        // A run of one window may end what the server keeps of the other's.
        await page.getByRole("progressbar").waitFor({ state: "detached", timeout: 30_000 * slowness() });
      }
      for (const page of pages) {
        // Windows behind others may get no frames, which clicks wait for.
        await page.bringToFront();
        // A list of corrections may still be open.
        await press(page, "Escape");
        const close = page.getByRole("alert").getByRole("button", { name: /Close|Stay here/ });
        // It may give way to another alert by itself.
        if (await close.isVisible()) await close.click({ timeout: patience }).catch(() => {});
        await page.getByRole("tab", { name: "Export" }).click();
        const gone = page.getByRole("alert").filter({ hasText: "not kept any more" });
        const commandShown = () =>
          shows(
            async () => {
              // Clusters of a run that the server does not keep any more have no command, which the page says.
              if (await gone.isVisible()) {
                await gone.getByRole("button", { name: "Show the last run" }).click();
                // Until that has come, the command of the run before may still be there.
                await gone.waitFor({ state: "detached" });
              }
              return page.locator("pre.code").innerText();
            },
            /--q-mask outside:\d/,
            15_000,
          );
        await commandShown();
        const saved = async () => {
          try {
            return await savedLabels(page, folder);
          } catch (cause) {
            // A window that has asked for nothing since may hear of it only now: then nothing was saved.
            if (!/Stale/.test(String(cause))) throw cause;
            await gone.waitFor();
            await commandShown();
            return await savedLabels(page, folder);
          }
        };
        const shown = await saved(), said = await saidBy(page);
        await tab(page, "Clusters");
        await page.locator(".list .row").first().waitFor();
        for (const [id, size, note] of (await saidBy(page)).rows) {
          assert.equal(shown.filter((label) => label === Number(id)).length, Number(size), `cluster ${id}`);
          if (note) assert.equal(shown[noted.get(note)!], Number(id), note);
        }
        if (said.edited) {
          await page.getByRole("button", { name: "History of corrections" }).click();
          await page.getByRole("radio", { name: "As it came" }).click();
          await press(page, "Escape");
          await shows(async () => (await saidBy(page)).edited, false);
        }
        const radius = /--q-mask outside:(\d)/.exec(said.command!)![1];
        const held = Number(/--threshold ([\d.]+)/.exec(said.command!)![1]);
        if (!truth.has(`${radius} ${held}`)) await learn(String(held));
        const own = truth.get(`${radius} ${held}`)!;
        sameNumbers(said.edited ? await savedLabels(page, folder) : shown, labelsOf(own));
      }
    });
  }
});
