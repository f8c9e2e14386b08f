/** Islands in a real browser: rendered over what the server sent, between their marks, with what they share. */

import assert from "node:assert/strict";
import { browserTest } from "../../support/browser.ts";
import { runModule, writeProject } from "../../support/small_project.ts";

const project: Record<string, string> = {
  "main.ts":
    'import { App, staticFiles } from "fresh";\nexport const app = new App().use(staticFiles()).fsRoutes();\n',
  "routes/_app.tsx": "export default ({ Component }: { Component: () => null }) =>\n" +
    '  <html><head><link rel="icon" href="data:," /></head><body><Component /></body></html>;\n',
  "routes/index.tsx": `import Lines from "../islands/Lines.tsx";
import Buttons from "../islands/Buttons.tsx";
export default () => <main><h1>before</h1><Lines name="a" /><hr /><Buttons /><Lines name="b" /><p>after</p></main>;
`,
  "islands/Lines.tsx": `import { IS_BROWSER } from "fresh/runtime";
import { count } from "../viewer/labels/count.ts";
export default function Lines({ name }: { name: string }) {
  const lines = Array.from({ length: count.value }, (_, index) => <li key={index}>{name}{index}</li>);
  return <><b class={IS_BROWSER ? "browser" : "server"}>{name}</b>{lines}</>;
}
`,
  "islands/Buttons.tsx": `import { count } from "../viewer/labels/count.ts";
export default () => <><button onClick={() => count.value++}>more</button><button onClick={() => count.value = 0}>none</button></>;
`,
  "viewer/labels/count.ts": 'import { signal } from "@preact/signals";\nexport const count = signal(1);\n',
  "viewer/labels/labelling_worker.ts": "self.onmessage = () => {};\n",
  "serve.ts": `import server from "./_fresh/server.js";
Deno.serve({ port: 0, onListen: ({ port }) => console.log(port) }, server.fetch);
`,
};

browserTest(
  "islands grow and shrink in their places, share signals, and leave the rest of the page alone",
  async (open, _step, folder) => {
    await writeProject(folder, project);
    const built = await runModule(folder, "build.ts");
    assert.equal(built.code, 0, built.error);
    const server = new Deno.Command(Deno.execPath(), {
      args: ["run", "-A", "--no-lock", "--no-check", "--quiet", "serve.ts"],
      cwd: folder,
      stdout: "piped",
    }).spawn();
    const output = server.stdout.pipeThrough(new TextDecoderStream()).getReader();
    try {
      const { value: port } = await output.read();
      const address = `http://localhost:${Number(port)}/`;
      const sent = await (await fetch(address)).text();
      assert.match(sent, /<b class="server">a<\/b><li>a0<\/li><!--\/island 0-->/);
      const { page } = await open({ address });
      const html = async () => (await page.locator("main").innerHTML()).replaceAll(/<!--.*?-->/g, "");
      const island = (name: string, count: number) =>
        `<b class="browser">${name}</b>` +
        Array.from({ length: count }, (_, i) => `<li>${name}${i}</li>`).join("");
      const whole = (count: number) =>
        `<h1>before</h1>${island("a", count)}<hr><button>more</button><button>none</button>${
          island("b", count)
        }<p>after</p>`;
      await page.locator("b.browser").nth(1).waitFor();
      assert.equal(await html(), whole(1));
      await page.getByText("more").click();
      await page.getByText("more").click();
      assert.equal(await html(), whole(3));
      await page.getByText("none").click();
      assert.equal(await html(), whole(0));
      await page.getByText("more").click();
      assert.equal(await html(), whole(1));
    } finally {
      server.kill();
      await server.status;
      await output.cancel();
    }
  },
);
