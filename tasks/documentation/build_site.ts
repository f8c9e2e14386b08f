/** `deno task docs:site`: the documentation as a static site in build/site, with the library's interface from its doc comments. */

import { cpSync, existsSync, readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { buildSite } from "./site.ts";

const root = new URL("../../", import.meta.url);
const folder = fileURLToPath(new URL("build/site/", root));
const pages = await buildSite(folder);
/** Where the viewer's build is: its server shows what lies there, the documentation as /docs/index.html. */
const served = new URL("_fresh/static/", root);
const { code } = await new Deno.Command(Deno.execPath(), {
  args: ["doc", "--html", "--name=crystallite", `--output=${folder}api`, "mod.ts"],
  cwd: fileURLToPath(root),
  env: { NO_COLOR: "1" },
}).output();
if (code !== 0) throw new Error("deno doc failed");
// What hides search until a script shows it is a style in the element, which the policy of the viewer's pages forbids.
for (const path of readdirSync(`${folder}api`, { encoding: "utf8", recursive: true })) {
  if (!path.endsWith(".html")) continue;
  const html = Deno.readTextFileSync(`${folder}api/${path}`);
  Deno.writeTextFileSync(`${folder}api/${path}`, html.replaceAll(' style="display: none;"', ""));
}
if (existsSync(served)) {
  const docs = fileURLToPath(new URL("docs/", served));
  await Deno.remove(docs, { recursive: true }).catch(() => {});
  cpSync(folder, docs, { recursive: true });
}
console.log(`${pages.length} pages and the library's interface: open ${folder}index.html`);
