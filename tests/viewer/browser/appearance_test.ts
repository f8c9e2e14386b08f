import assert from "node:assert/strict";
import { browserTest } from "../../support/browser.ts";
import { contrastFaults, namelessControls, smallTargets, tabOrder } from "../../support/page_rules.ts";
import { clickProbe, clustersAre, mainShown, showFile, shows } from "../../support/viewer_page.ts";
import { countLabels, labelsOf, writeResult, writeScan } from "../../support/viewer_scans.ts";

const tabs = ["Clusters", "Parameters", "Export"];

browserTest("appearance", async (open, step, folder) => {
  const scan = await writeScan(folder);
  const result = await writeResult(folder, scan.path);
  const { page, origin, screenshot } = await open({
    args: [folder],
    mayBeRefused: true,
    // Colours of buttons fade otherwise, which is no time to measure them.
    context: { viewport: { width: 1440, height: 900 }, colorScheme: "dark", reducedMotion: "reduce" },
  });
  const count = countLabels(labelsOf(result));
  const theme = () => page.evaluate(() => document.documentElement.dataset.theme);
  const checkRules = async (where: string) => {
    assert.deepEqual(await contrastFaults(page), [], `contrast, ${where}`);
    assert.deepEqual(await smallTargets(page), [], `targets, ${where}`);
    assert.deepEqual(await namelessControls(page, page.context()), [], `names, ${where}`);
  };

  for (const wanted of ["dark", "light"]) {
    await step(`${wanted}: contrast, names and sizes of controls on every screen`, async () => {
      await page.goto(origin);
      await page.getByRole("heading", { name: "Open a scan" }).waitFor();
      if (await theme() !== wanted) {
        await page.getByRole("button", { name: "Switch between dark and light" }).click();
      }
      await shows(theme, wanted);
      await page.getByRole("button", { name: "result" }).first().waitFor();
      await checkRules("open");
      await screenshot(`appearance-${wanted}-open`);
      await page.goto(`${origin}/?open=${encodeURIComponent(`${folder}/nothing.npy`)}`);
      await page.getByRole("alert").waitFor();
      await page.getByText("Details").click();
      await checkRules("failed");
      await showFile(page, result);
      await clustersAre(page, count);
      await clickProbe(page, 7, 38);
      for (const tab of tabs) {
        await page.getByRole("tab", { name: new RegExp(`^${tab}`) }).click();
        await checkRules(tab);
        await screenshot(`appearance-${wanted}-${tab.toLowerCase()}`);
      }
      await page.getByRole("button", { name: "Colours and contrast" }).click();
      await checkRules("colours");
      await page.keyboard.press("Escape");
      await page.getByRole("button", { name: "Keyboard shortcuts" }).click();
      await page.getByRole("dialog").waitFor();
      await checkRules("shortcuts");
      await screenshot(`appearance-${wanted}-shortcuts`);
      await page.keyboard.press("Escape");
      await page.reload();
      await mainShown(page);
      await shows(theme, wanted);
    });
  }

  await step("the focus goes from the bar over views, tools and map to the inspector", async () => {
    await page.getByRole("tab", { name: /^Clusters/ }).click();
    await clickProbe(page, 7, 38);
    await shows(() => page.getByRole("button", { name: "Split", exact: true }).isEnabled(), true);
    const order = await tabOrder(page);
    const expected = [
      ...[
        "Skip to the map",
        "result",
        "Switch between dark and light",
        "Clusters",
        "Outlines",
        "Select",
        "Map of",
      ],
      ...[
        "No detector: read values",
        "What the upper picture shows",
        "Upper pattern",
        "Pattern at the probe",
      ],
      ...["Intensity scale", "Colours and contrast", "Similarity threshold", "Similarity threshold"],
      ...[
        "Minimum cluster size",
        "Minimum cluster size",
        "tab-clusters",
        "Sort by position",
        "Clusters",
        "Split",
      ],
    ];
    let place = -1;
    for (const name of expected) {
      const next = order.findIndex((passed, at) => at > place && passed.startsWith(name));
      assert.ok(next > place, `${name} after ${order[place]} in ${order.join(" | ")}`);
      place = next;
    }
  });

  for (const width of [1440, 1280, 1100, 820, 480]) {
    await step(`${width} pixels wide`, async () => {
      await page.setViewportSize({ width, height: width > 900 ? 800 : 1000 });
      await page.waitForTimeout(200);
      await screenshot(`appearance-${width}`);
      const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
      assert.ok(wide <= 0, `${wide} px too wide`);
      const map = (await page.locator("#map").boundingBox())!;
      assert.ok(map.width > 250 && map.height > 180, JSON.stringify(map));
      for (const pattern of ["#upper-pattern", "#probe-pattern"]) {
        const box = (await page.locator(pattern).boundingBox())!;
        assert.ok(box.width > 100 && box.height > 100 && box.x + box.width <= width, JSON.stringify(box));
      }
      assert.ok(await page.getByRole("slider", { name: "Similarity threshold" }).isVisible());
      assert.ok(await page.getByRole("textbox", { name: "Minimum cluster size in probes" }).isVisible());
      const cut = await page.evaluate(() =>
        Array.from(document.querySelectorAll("b, .row span, input.number, .readout"))
          .filter((own) => own.scrollWidth > own.clientWidth + 1 && own.clientWidth > 0)
          .map((own) => own.textContent)
      );
      assert.deepEqual(cut, [], "numbers that are cut off");
      const drawer = page.locator(".bar .drawer-button");
      if (await drawer.isVisible()) {
        await drawer.click();
        await page.getByRole("listbox", { name: "Clusters" }).waitFor();
        await page.waitForTimeout(250);
        await screenshot(`appearance-${width}-drawer`);
        await checkRules(`${width} with the drawer`);
        await page.keyboard.press("Escape");
        await shows(() => drawer.getAttribute("aria-expanded"), "false");
      }
      await checkRules(String(width));
    });
  }

  await step(
    "on a phone a scan without clusters says what its buttons open, and boxes what for",
    async () => {
      const phone = { width: 390, height: 844 }, desk = { width: 1440, height: 900 };
      await page.setViewportSize(desk);
      await showFile(page, scan.path);
      await page.setViewportSize(phone);
      await shows(() => page.locator(".bar .drawer-button").innerText(), "Parameters");
      assert.ok(await page.locator(".real .toggle").getByText("Outlines").isVisible());
      // What there is to try after a run is told in a line, not in an empty strip.
      const strip = (await page.locator(".evidence").boundingBox())!;
      assert.ok(strip.height < 140, JSON.stringify(strip));
      await checkRules("phone, before a run");
      await page.setViewportSize(desk);
      await showFile(page, result);
      await page.setViewportSize(phone);
      await shows(() => page.locator(".bar .drawer-button").innerText(), `Clusters ${count}`);
      await shows(
        async () => (await page.locator(".evidence").boundingBox())!.height,
        (height) => height >= 196,
      );
      assert.equal(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth), 0);
      await checkRules("phone");
    },
  );

  await step("reduced motion has no transitions", async () => {
    await page.setViewportSize({ width: 1100, height: 800 });
    await page.locator(".bar .drawer-button").click();
    const moving = await page.evaluate(() =>
      Array.from(document.querySelectorAll("*")).filter((own) => {
        const { transitionDuration, animationName, animationDuration } = getComputedStyle(own);
        return /[1-9]/.test(transitionDuration) ||
          animationName !== "none" && /[1-9]/.test(animationDuration);
      }).map((own) => own.className)
    );
    assert.deepEqual(moving, []);
    await page.keyboard.press("Escape");
  });

  await step("with forced colours, what is chosen has an outline", async () => {
    await page.setViewportSize({ width: 1440, height: 900 });
    await clickProbe(page, 7, 38);
    await page.emulateMedia({ forcedColors: "active" });
    const outlines = await page.evaluate(() =>
      Array.from(
        document.querySelectorAll(
          ".segments [aria-checked=true], .rail [aria-pressed=true], .row[aria-selected=true]",
        ),
      )
        .map((own) => getComputedStyle(own).outlineStyle)
    );
    assert.ok(outlines.length >= 4 && outlines.every((style) => style === "solid"), outlines.join());
    await screenshot("appearance-forced-colours");
    await page.emulateMedia({ forcedColors: null });
  });
});
