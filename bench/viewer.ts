/**
 * How fast the viewer feels, measured in headless Chromium without a graphics card: the first picture of a result of
 * 512 x 512 probes with 3,000 clusters, its threshold dragged, patterns after clicks, and a virtual detector dragged over
 * 256 x 256 x 96 x 96 16-bit counts. `CRYSTALLITE_TEST_CHROMIUM` names the browser where it is in no usual place.
 *
 *     deno run -A bench/viewer.ts
 */

import { join } from "node:path";
import type { Browser, Page } from "../tests/support/playwright.ts";
import { launchChromium } from "../tests/support/browser.ts";
import { crystallite } from "../tests/support/command_line.ts";
import { type RunningViewer, startViewer } from "../tests/support/viewer.ts";
import { formatTable } from "../tasks/documentation/table.ts";
import { machine } from "./machine.ts";
import { writeGrains } from "./viewer_scan.ts";

const dragSeconds = 5, clicks = 40, loads = 6, starts = 3;

/** One line of the table; times in milliseconds unless the name says otherwise. */
interface Line {
  readonly what: string;
  readonly values: readonly number[];
  /** Largest 95th percentile that is wanted, or smallest figure where there is one value a second. */
  readonly target: string;
}

const share = (values: readonly number[], part: number) =>
  values.toSorted((a, b) => a - b)[Math.min(values.length - 1, Math.floor(part * values.length))];

/** A new browser window without anything cached, with the session of the server. */
async function newPage(browser: Browser, viewer: RunningViewer): Promise<Page> {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
  const page = await context.newPage();
  // The session is begun on a page that loads nothing of the viewer.
  await page.route(
    "**/*",
    (route) => /\/(_fresh|workers|styles)\//.test(route.request().url()) ? route.abort() : route.continue(),
  );
  await page.goto(viewer.address);
  await page.unroute("**/*");
  return page;
}

/** Milliseconds from asking for the page to the first frame with the map, again and again. */
async function firstPictures(
  browser: Browser,
  viewer: RunningViewer,
  path: string,
  count: number,
): Promise<number[]> {
  const times: number[] = [];
  for (let load = 0; load < count; load++) {
    const page = await newPage(browser, viewer);
    await page.addInitScript(() => {
      const look = () => {
        if (performance.getEntriesByName("crystallite map").length > 0) {
          requestAnimationFrame(() => performance.mark("first picture"));
        } else requestAnimationFrame(look);
      };
      requestAnimationFrame(look);
    });
    await page.goto(`${viewer.origin}/?open=${encodeURIComponent(path)}`);
    await page.waitForFunction(() => performance.getEntriesByName("first picture").length > 0);
    times.push(await page.evaluate(() => performance.getEntriesByName("first picture")[0].startTime));
    await page.context().close();
  }
  return times;
}

/**
 * The same of servers that have just been started. The browser has shown a page before: what it does at its first is no
 * matter of the server.
 *
 * @param served what the server is started with
 */
async function afterStart(browser: Browser, served: string, path: string): Promise<number[]> {
  const times: number[] = [];
  for (let start = 0; start <= starts; start++) {
    const viewer = await startViewer({ args: [served] });
    try {
      times.push(...await firstPictures(browser, viewer, path, 1));
    } finally {
      await viewer.stop();
    }
  }
  return times.slice(1);
}

/** Collects the intervals between frames until it is read. */
async function watchFrames(page: Page): Promise<void> {
  await page.evaluate(() => {
    const frames: number[] = [];
    let last = performance.now();
    const frame = () => {
      const now = performance.now();
      frames.push(now - last);
      last = now;
      Object.assign(globalThis, { request: requestAnimationFrame(frame) });
    };
    Object.assign(globalThis, { frames, request: requestAnimationFrame(frame) });
  });
}

async function framesOf(page: Page): Promise<number[]> {
  return await page.evaluate(() => {
    const { frames, request } = globalThis as unknown as { frames: number[]; request: number };
    cancelAnimationFrame(request);
    return frames.slice(1);
  });
}

/** Moves the pressed mouse back and forth between two points for a while. */
async function dragAbout(
  page: Page,
  [from, to]: readonly [{ x: number; y: number }, { x: number; y: number }],
): Promise<void> {
  await page.mouse.move(from.x, from.y);
  await page.mouse.down();
  const started = performance.now();
  while (performance.now() - started < 1000 * dragSeconds) {
    const phase = (1 - Math.cos((performance.now() - started) / 1000 * Math.PI)) / 2;
    await page.mouse.move(from.x + (to.x - from.x) * phase, from.y + (to.y - from.y) * phase);
    await new Promise((resolve) => setTimeout(resolve, 8));
  }
  await page.mouse.up();
}

async function openIn(page: Page, viewer: RunningViewer, path: string): Promise<void> {
  await page.goto(`${viewer.origin}/?open=${encodeURIComponent(path)}`);
  await page.locator("#map[data-scale]").waitFor();
  await page.waitForTimeout(1500);
}

async function dragThreshold(browser: Browser, viewer: RunningViewer, path: string): Promise<Line[]> {
  const page = await newPage(browser, viewer);
  await openIn(page, viewer, path);
  const handle = page.getByRole("slider", { name: "Similarity threshold" });
  const grip = (await handle.locator(".grip").boundingBox())!;
  const plot = (await page.locator(".evidence .plot").first().boundingBox())!;
  const y = grip.y - 30;
  await page.evaluate(() => performance.clearMeasures());
  await watchFrames(page);
  await dragAbout(page, [{ x: plot.x + 0.25 * plot.width, y }, { x: plot.x + 0.8 * plot.width, y }]);
  const frames = await framesOf(page);
  const labels = await page.evaluate(() =>
    performance.getEntriesByName("crystallite labels").map(({ duration }) => duration)
  );
  await page.context().close();
  return [
    { what: "threshold dragged: between frames", values: frames, target: "<= 33" },
    { what: "threshold dragged: labels of a step", values: labels, target: "" },
    { what: "threshold dragged: maps a second", values: [labels.length / dragSeconds], target: "" },
  ];
}

/** Milliseconds from pressing the mouse on the map to the drawn pattern. */
async function clickPatterns(browser: Browser, viewer: RunningViewer, path: string): Promise<Line> {
  const page = await newPage(browser, viewer);
  await openIn(page, viewer, path);
  const box = (await page.locator("#map").boundingBox())!;
  const { left, top, scale } = await page.locator("#map").evaluate((own) => ({
    ...(own as HTMLElement).dataset,
  }));
  await page.evaluate(() => {
    addEventListener("pointerdown", () => performance.mark("pressed"), { capture: true });
  });
  const values: number[] = [];
  for (let click = 0; click < clicks; click++) {
    const [row, column] = [(click * 197 + 31) % 512, (click * 331 + 77) % 512];
    await page.evaluate(() => {
      performance.clearMarks();
      performance.clearResourceTimings();
    });
    await page.mouse.click(
      box.x + Number(left) + (column + 0.5) * Number(scale),
      box.y + Number(top) + (row + 0.5) * Number(scale),
    );
    const taken = await page.waitForFunction(() => {
      const [pressed] = performance.getEntriesByName("pressed");
      const answered = performance.getEntriesByType("resource").find(({ name }) => /\/pattern\?/.test(name));
      // Older marks are of the pattern before, drawn again on another scale.
      const drawn = performance.getEntriesByName("crystallite pattern").find(({ startTime }) =>
        answered && startTime >= (answered as PerformanceResourceTiming).responseEnd
      );
      return drawn && { milliseconds: drawn.startTime - pressed.startTime };
    });
    values.push((await taken.jsonValue())!.milliseconds);
    // The average and the address follow.
    await page.waitForTimeout(150);
  }
  await page.context().close();
  return { what: "pattern after a click", values, target: "<= 50" };
}

async function dragDetector(browser: Browser, viewer: RunningViewer, path: string): Promise<Line[]> {
  const page = await newPage(browser, viewer);
  await openIn(page, viewer, path);
  await page.getByRole("radio", { name: "Virtual detector: disk" }).click();
  const images = () => page.evaluate(() => performance.getEntriesByName("crystallite virtual image").length);
  const started = performance.now();
  while (await images() === 0) await page.waitForTimeout(50);
  const first = performance.now() - started;
  // The exact image of the first place is out of the way.
  await page.locator(".real .legend", { hasNotText: "draft" }).first().waitFor();
  await page.waitForTimeout(3000);
  const box = (await page.locator("#probe-pattern").boundingBox())!;
  const middle = { x: box.x + box.width / 2, y: box.y + box.height / 2 };
  await page.evaluate(() => performance.clearMarks());
  await watchFrames(page);
  await dragAbout(page, [middle, { x: middle.x + box.width / 4, y: middle.y + box.height / 5 }]);
  const updates = await images() / dragSeconds, frames = await framesOf(page);
  await page.context().close();
  return [
    { what: "detector dragged: images a second", values: [updates], target: ">= 10" },
    { what: "detector dragged: between frames", values: frames, target: "" },
    { what: "detector: first draft", values: [first], target: "" },
  ];
}

function table(lines: readonly Line[]): string {
  const number = (value: number) => value.toFixed(value < 100 ? 1 : 0);
  const cells = ({ what, values, target }: Line) =>
    values.length === 1
      ? [what, "1", number(values[0]), "", "", target]
      : [what, String(values.length), ...[0.5, 0.95, 1].map((part) => number(share(values, part))), target];
  return formatTable(["", "count", "median", "95 %", "most", "wanted"], lines.map(cells), 1);
}

const folder = await Deno.makeTempDir({ prefix: "crystallite-viewer-" });
const browser = await launchChromium();
try {
  const map = join(folder, "map.npy"),
    detector = join(folder, "detector.npy"),
    result = join(folder, "result");
  writeGrains(map, [512, 512, 16, 16], 3000);
  writeGrains(detector, [256, 256, 96, 96], 300);
  const { code, error } = await crystallite("cluster", map, "--out", result, "--threshold", "auto");
  if (code !== 0) throw new Error(error);
  const lines: Line[] = [
    {
      what: "first picture, server just started",
      values: await afterStart(browser, folder, result),
      target: "<= 1000",
    },
    {
      what: "first picture, just started with the result",
      values: await afterStart(browser, result, result),
      target: "<= 1000",
    },
  ];
  const viewer = await startViewer({ args: [folder] });
  try {
    // The first one reads the result.
    const pictures = (await firstPictures(browser, viewer, result, 1 + loads)).slice(1);
    lines.push({ what: "first picture, after that", values: pictures, target: "<= 1000" });
    lines.push(...await dragThreshold(browser, viewer, result));
    lines.push(await clickPatterns(browser, viewer, result));
    lines.push(...await dragDetector(browser, viewer, detector));
  } finally {
    await viewer.stop();
  }
  console.log(JSON.stringify(machine()));
  console.log(`${await browser.version()}, times in milliseconds\n\n${table(lines)}`);
} finally {
  await browser.close();
  await Deno.remove(folder, { recursive: true });
}
