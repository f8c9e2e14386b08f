/** `deno task screenshots`: keeps a picture of every state of the page in docs/using/pictures/. */

import { fileURLToPath } from "node:url";
import { launchChromium } from "../browser.ts";
import { fileNames, withFolder } from "../folders.ts";
import { slowness } from "../slowness.ts";
import { withViewer } from "../viewer.ts";
import { goThrough, stateWindow, type Walk } from "./page_state.ts";
import { mostPictureBytes, pictureFolder, pictureName } from "./pictures.ts";
import { walks } from "./walks.ts";

const out = fileURLToPath(pictureFolder);

/** Keeps the pictures of a walk. */
async function keepPictures(walk: Walk): Promise<void> {
  const browser = await launchChromium();
  try {
    await withFolder(async (folder) => {
      const files = await walk.prepare(folder);
      await withViewer({ args: [folder, "--workers", "1"] }, async ({ address, origin }) => {
        const page = await (await browser.newContext(stateWindow)).newPage();
        page.setDefaultTimeout(30_000 * slowness());
        await page.goto(address);
        await goThrough(walk, { page, origin, files }, async ({ name }) => {
          // Thumbnails and curves come a moment after the map.
          await page.waitForTimeout(500 * slowness());
          const session = await page.context().newCDPSession(page);
          const { data } = await session.send("Page.captureScreenshot", { format: "webp", quality: 70 });
          await session.detach();
          await Deno.writeFile(
            out + pictureName(name),
            Uint8Array.from(atob(data), (own) => own.charCodeAt(0)),
          );
          console.log(pictureName(name));
        });
      });
    });
  } finally {
    await browser.close();
  }
}

await Deno.mkdir(out, { recursive: true });
const wanted = walks.filter(({ name }) => Deno.args.length === 0 || Deno.args.includes(name));
for (const walk of wanted) await keepPictures(walk);
let bytes = 0;
for (const name of await fileNames(out)) bytes += (await Deno.stat(out + name)).size;
console.log(`${bytes} bytes`);
if (bytes > mostPictureBytes) throw new Error(`more than ${mostPictureBytes} bytes`);
