/** Tests of the viewer in a real browser: headless Chromium, which must be installed. */

import assert from "node:assert/strict";
import { withFolder } from "./folders.ts";
import { type Browser, type BrowserContextOptions, chromium, type Page } from "./playwright.ts";
import { slowness } from "./slowness.ts";
import { type RunningViewer, startViewer, type ViewerProcess } from "./viewer.ts";

const usualPlaces = [
  "/usr/bin/chromium",
  "/usr/bin/chromium-browser",
  "/usr/bin/google-chrome-stable",
  "/usr/bin/google-chrome",
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
  "C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe",
];

/**
 * A computer without a graphics card, where WebGL2 is emulated and all else is drawn by the processor; a sandbox cannot be
 * had in a container as root.
 */
const flags = ["--no-sandbox", "--disable-gpu", "--enable-unsafe-swiftshader"];

/** How long anything on a page may take, in milliseconds. */
const patience = 10_000 * slowness();

const executable = [Deno.env.get("CRYSTALLITE_TEST_CHROMIUM"), ...usualPlaces].find((path) => {
  try {
    return path !== undefined && Deno.statSync(path).isFile;
  } catch {
    return false;
  }
});

/** A page of a viewer, and what it has done so far. */
export interface ViewerPage {
  readonly page: Page;
  /** Address of the server, without token. */
  readonly origin: string;
  /** Errors on the console, exceptions that nobody caught, requests that failed or went elsewhere. */
  readonly complaints: string[];
  /** Bytes that the server holds in memory; `null` where the system does not say. */
  serverBytes(): number | null;
  /** Keeps a picture for looking at, where CRYSTALLITE_TEST_SCREENSHOTS names a folder. */
  screenshot(name: string): Promise<void>;
}

/** How a page is opened. */
export interface PageOptions extends ViewerProcess {
  /** A page of another server, in place of a viewer's. */
  readonly address?: string;
  /** Size of the window, colour scheme and the like. */
  readonly context?: BrowserContextOptions;
  /** Whether the test judges {@link ViewerPage.complaints} itself; otherwise there must be none in the end. */
  readonly mayComplain?: boolean;
  /** Whether the test asks for what the server refuses: the browser puts each refusal (4xx) on the console. */
  readonly mayBeRefused?: boolean;
}

/** Opens pages of viewers; all are closed when the test ends. */
export type OpenPage = (options?: PageOptions) => Promise<ViewerPage>;

/**
 * One of the uses within a test; a later one may go on where an earlier one ended. The pages must have nothing to
 * complain about by its end.
 */
export type Step = (name: string, use: () => Promise<void>) => Promise<void>;

/** What a test does with pages and a folder of its own, which stays until all of them are closed. */
type BrowserTest = (open: OpenPage, step: Step, folder: string) => Promise<void>;

/** Chromium without a window. */
export async function launchChromium(): Promise<Browser> {
  return await chromium.launch({ executablePath: executable, args: flags });
}

/** Registers a test that needs a browser; where there is none, the test is ignored and says so. */
export function browserTest(name: string, test: BrowserTest): void {
  if (!executable) {
    console.warn(`skipped, Chromium is not installed (CRYSTALLITE_TEST_CHROMIUM names one): ${name}`);
  }
  Deno.test({
    name,
    ignore: !executable,
    // The driver of the browser keeps timers of its own.
    sanitizeOps: false,
    sanitizeResources: false,
    fn: async (context) => {
      const browser = await launchChromium();
      try {
        await withFolder((folder) =>
          runWithPages(browser, (open, step) => test(open, step, folder), context)
        );
      } finally {
        await browser.close();
      }
    },
  });
}

async function runWithPages(
  browser: Browser,
  test: (open: OpenPage, step: Step) => Promise<void>,
  context: Deno.TestContext,
): Promise<void> {
  const opened: (ViewerPage & { mayComplain: boolean; close(): Promise<unknown> })[] = [];
  const judge = () => {
    for (const { complaints, mayComplain } of opened) {
      if (!mayComplain) assert.deepEqual(complaints.splice(0), []);
    }
  };
  const step: Step = async (name, use) => {
    await context.step({
      name,
      sanitizeOps: false,
      sanitizeResources: false,
      fn: async () => {
        try {
          await use();
          judge();
        } catch (cause) {
          const place = `failed: ${context.name}: ${name}`.replace(/[^\w:]+/g, "_").replaceAll(":", "");
          for (const { screenshot } of opened) await screenshot(place).catch(() => {});
          throw cause;
        }
      },
    });
  };
  try {
    await test(async (options = {}) => {
      const viewer = await openPage(browser, options);
      opened.push(viewer);
      return viewer;
    }, step);
    judge();
  } finally {
    for (const { close } of opened) await close();
  }
}

/** A viewer, or what stands in its place. */
async function serverOf(
  options: PageOptions,
): Promise<Pick<RunningViewer, "address" | "origin" | "residentBytes" | "stop">> {
  const { address } = options;
  if (address === undefined) return await startViewer(options);
  return {
    address,
    origin: new URL(address).origin,
    residentBytes: () => null,
    stop: () => Promise.resolve({ code: 0, error: "", early: false }),
  };
}

async function openPage(browser: Browser, options: PageOptions) {
  const server = await serverOf(options);
  try {
    const context = await browser.newContext(options.context);
    const page = await context.newPage();
    page.setDefaultTimeout(patience);
    return {
      page,
      origin: server.origin,
      complaints: await watch(page, server, options.mayBeRefused),
      mayComplain: options.mayComplain === true,
      serverBytes: server.residentBytes,
      screenshot: async (name: string) => {
        const folder = Deno.env.get("CRYSTALLITE_TEST_SCREENSHOTS");
        if (folder) await page.screenshot({ path: `${folder}/${name}.png` });
      },
      close: async () => {
        await context.close();
        const ended = await server.stop();
        assert.ok(ended.code === 0 && !ended.early, `the viewer ended badly: ${JSON.stringify(ended)}`);
      },
    };
  } catch (cause) {
    await server.stop();
    throw cause;
  }
}

/** Opens the page; what is wrong with it is added to the list for as long as it is open. */
async function watch(
  page: Page,
  { address, origin }: { address: string; origin: string },
  mayBeRefused = false,
): Promise<string[]> {
  const complaints: string[] = [];
  page.on("console", (message) => {
    const text = message.text();
    if (mayBeRefused && /^Failed to load resource: .* a status of 4\d\d/.test(text)) return;
    if (["error", "warning"].includes(message.type())) {
      complaints.push(`console: ${text} (${message.location().url})`);
    }
  });
  page.on("pageerror", (error) => complaints.push(`exception: ${error.message}`));
  page.on("request", (request) => {
    const { origin: asked, protocol } = new URL(request.url());
    if (asked !== origin && !["blob:", "data:"].includes(protocol)) {
      complaints.push(`elsewhere: ${request.url()}`);
    }
  });
  await page.goto(address);
  return complaints;
}
