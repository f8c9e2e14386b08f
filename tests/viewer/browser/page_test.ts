import assert from "node:assert/strict";
import { browserTest } from "../../support/browser.ts";

browserTest(
  "the page starts, keeps the token out of its address and asks nobody else",
  async (open, _step, folder) => {
    const { page, origin, screenshot } = await open({ args: [folder] });
    await page.locator("[data-ready=true]").waitFor();
    assert.equal(page.url(), `${origin}/`);
    assert.equal(await page.title(), "crystallite");
    assert.equal(await page.evaluate(() => document.cookie), "", "scripts cannot read the session");
    await page.reload();
    await page.locator("[data-ready=true]").waitFor();
    await screenshot("start");
  },
);

browserTest(
  "scripts that somebody smuggles into the page do not run",
  async (open, _step, folder) => {
    const { page, complaints } = await open({ args: [folder], mayComplain: true });
    await page.locator("[data-ready=true]").waitFor();
    const ran = await page.evaluate(async () => {
      const attempts = [
        () => {
          const script = document.createElement("script");
          script.textContent = "globalThis.smuggled = 1";
          document.body.append(script);
        },
        () =>
          document.body.insertAdjacentHTML("beforeend", '<img src="/nothing.png" onerror="smuggled = 2">'),
        () =>
          document.body.insertAdjacentHTML(
            "beforeend",
            '<iframe srcdoc="<script>parent.smuggled = 3</script>">',
          ),
        () => setTimeout("globalThis.smuggled = 4" as unknown as () => void),
      ];
      for (const attempt of attempts) {
        try {
          attempt();
        } catch {
          // Refused at once.
        }
      }
      await new Promise((resolve) => setTimeout(resolve, 300));
      const elsewhere = await fetch("http://127.0.0.2:9/").then(() => "sent", () => "refused");
      return { smuggled: (globalThis as { smuggled?: number }).smuggled ?? null, elsewhere };
    });
    assert.deepEqual(ran, { smuggled: null, elsewhere: "refused" });
    assert.ok(complaints.some((text) => text.includes("Content Security Policy")), complaints.join("\n"));
  },
);

browserTest("the worker starts under the policy, and WebGL2 draws", async (open, _step, folder) => {
  const { page } = await open({ args: [folder] });
  const version = await page.evaluate(() => {
    const gl = document.createElement("canvas").getContext("webgl2");
    return gl?.getParameter(gl.VERSION);
  });
  assert.match(version, /^WebGL 2/);
  const started = await page.evaluate(() =>
    new Promise<string>((resolve) => {
      const worker = new Worker("/workers/labelling.js", { type: "module" });
      worker.onerror = (event) => resolve(`failed: ${event.message}`);
      setTimeout(() => resolve("no error"), 1000);
    })
  );
  assert.equal(started, "no error");
});

browserTest(
  "a page of another port gets nothing, though its browser has the session",
  async (open, _step, folder) => {
    const { page, origin } = await open({ args: [folder], mayComplain: true });
    await page.locator("[data-ready=true]").waitFor();
    const other = Deno.serve(
      { port: 0, hostname: "127.0.0.1", onListen() {} },
      () => new Response("<title>other</title>", { headers: { "content-type": "text/html" } }),
    );
    try {
      await page.goto(`http://127.0.0.1:${other.addr.port}/`);
      const outcomes = await page.evaluate(async (origin) => {
        const attempt = (init: RequestInit) =>
          fetch(`${origin}/api/files`, init).then(() => "sent", () => "refused");
        const frame = document.createElement("iframe");
        frame.src = origin;
        document.body.append(frame);
        await new Promise((resolve) => frame.onload = resolve);
        return [
          await attempt({ credentials: "include" }),
          await attempt({ credentials: "include", mode: "no-cors" }),
          await attempt({ credentials: "include", mode: "no-cors", method: "POST", body: "{}" }),
          await new Promise((resolve) => {
            const script = document.createElement("script");
            script.src = `${origin}/api/files`;
            script.onload = () => resolve("sent");
            script.onerror = () => resolve("refused");
            document.body.append(script);
          }),
        ];
      }, origin);
      assert.deepEqual(outcomes, ["refused", "refused", "refused", "refused"]);
    } finally {
      await other.shutdown();
    }
  },
);
