/** A series on the page: time, tracks, events, kymograph, and corrections by hand. */

import assert from "node:assert/strict";
import { join } from "node:path";
import { paletteColour } from "../../../library/report/palette.ts";
import { browserTest } from "../../support/browser.ts";
import { overlapping } from "../../support/page_rules.ts";
import { crystalliteJson } from "../../support/command_line.ts";
import { frameSide } from "../../support/moving_series.ts";
import {
  chosen,
  frameIs,
  keepsRules,
  option,
  slider,
  time,
  window,
  writeMerging,
} from "../../support/series_page.ts";
import { slowness } from "../../support/slowness.ts";
import {
  clickProbe,
  colourAt,
  dragMouse,
  pictureOf,
  pointAt,
  readout,
  showFile,
  shows,
} from "../../support/viewer_page.ts";

const hexOf = (colour: readonly number[]) =>
  colour.map((value) => value.toString(16).padStart(2, "0")).join("");

browserTest("a series", async (open, step, folder) => {
  const { series, count, trackAt, regions, events } = await writeMerging(folder);
  const { page, screenshot } = await open({ args: [folder], context: window, mayBeRefused: true });
  await showFile(page, series);

  await step(
    "opens on its tracks, in time; hovering says track and cluster, clicking follows",
    async () => {
      await shows(() => page.getByLabel("Maps of").inputValue(), "tracks");
      await shows(() => time(page), /^frame 0 of 8\s*· time 0\u202fs$/);
      const track = trackAt(0, 10, 10);
      const line = regions.find((region) => region.frame === "0" && region.track === String(track))!;
      const { x, y } = await pointAt(page, 10, 10);
      await page.mouse.move(x, y);
      await shows(() => readout(page), `row 10 column 10; Track ${track} cluster ${line.cluster}`);
      await clickProbe(page, 10, 10);
      await shows(async () => (await chosen(page)).map((text) => text.split("\n")[0]), [String(track)]);
      const caption = page.locator(".reciprocal figcaption").first();
      await shows(
        () => caption.innerText(),
        new RegExp(`Track ${track} average[\\s\\S]*frame 0, of ${line.size} `),
      );
      assert.deepEqual(await overlapping(page, ".of-series .plot text"), []);
      await keepsRules(page);
      await screenshot("series");
    },
  );

  await step(
    "keys move time; colours stay with tracks, which are those of the file in every frame",
    async () => {
      const [row, column] = [10, 10], colours = new Map<number, string>();
      await slider(page).focus();
      for (let frame = 0; frame < count; frame++) {
        await frameIs(page, frame);
        await shows(
          () => page.locator(".reciprocal figcaption").first().innerText(),
          new RegExp(`frame ${frame}, of`),
        );
        // Away from the probe, which lies on it.
        await page.getByRole("tab", { name: /^Tracks/ }).hover();
        for (
          const [own, at] of [[trackAt(frame, 2, 17), [2, 17]], [trackAt(frame, 16, 9), [16, 9]]] as const
        ) {
          const colour = await colourAt(page, at[0], at[1]);
          assert.equal(colours.get(own) ?? colour, colour, `track ${own} in frame ${frame}`);
          colours.set(own, colour);
        }
        await slider(page).press("ArrowRight");
      }
      assert.ok(
        [...colours.values()].every((colour) =>
          Array.from({ length: 12 }, (_, index) => hexOf(paletteColour(index))).includes(colour)
        ),
      );
      await slider(page).press("Home");
      await frameIs(page, 0);
      assert.ok(
        trackAt(0, row, column) === Number((await chosen(page))[0].split("\n")[0]),
        "still followed",
      );
    },
  );

  await step("plays from frame to frame with the space bar, and stops at the end", async () => {
    await page.locator("#map").focus();
    await page.keyboard.press("End");
    await page.keyboard.press(" ");
    await page.getByRole("button", { name: "Stop playing" }).waitFor();
    await shows(() => time(page), /^frame [2-6] of/);
    await page.getByRole("button", { name: "Play" }).waitFor({ timeout: 15_000 * slowness() });
    await frameIs(page, count - 1);
  });

  await step("events are marked in their frames; a click goes there and follows the track", async () => {
    const merge = events.find(({ event }) => event === "merge")!;
    const mark = page.locator(`.marks g[data-frame="${merge.frame}"]`);
    assert.match(
      await mark.locator("title").innerHTML(),
      new RegExp(`Frame ${merge.frame}: track ${merge.track} merges into ${merge.partner} \\(cosine`),
    );
    assert.equal(await page.locator(".marks > g").count(), new Set(events.map(({ frame }) => frame)).size);
    await mark.click();
    await frameIs(page, Number(merge.frame) - 1);
    await shows(async () => (await chosen(page)).map((text) => text.split("\n")[0]), [merge.track]);
    // What it went into is one click away.
    await page.locator(".track-facts").getByRole("button", { name: `track ${merge.partner}` }).click();
    await shows(async () => (await chosen(page)).map((text) => text.split("\n")[0]), [merge.partner]);
  });

  await step("the list sorts by birth, size and length", async () => {
    const listed = async () =>
      await page.getByRole("listbox", { name: "Tracks" }).getByRole("option")
        .evaluateAll((rows) => rows.map(({ id }) => Number(id.replace("track-", ""))));
    const sizes = new Map<number, number>(),
      first = new Map<number, number>(),
      length = new Map<number, number>();
    for (const { track, frame, size } of regions) {
      const own = Number(track);
      sizes.set(own, Math.max(sizes.get(own) ?? 0, Number(size)));
      first.set(own, first.get(own) ?? Number(frame));
      length.set(own, (length.get(own) ?? 0) + 1);
    }
    for (const [by, key] of [["birth", first], ["largest", sizes], ["frames", length]] as const) {
      await page.getByRole("button", { name: `Sort by ${by}` }).click();
      const header = page.locator(".list-header [data-sort]"),
        sign = await header.getAttribute("data-sort");
      const turn = sign === "ascending" ? 1 : -1;
      const expected = [...key.keys()].sort((one, other) =>
        turn * (key.get(one)! - key.get(other)!) || one - other
      );
      await shows(listed, expected);
    }
  });

  await step("drift corrected, the specimen stays where it is on the screen", async () => {
    await page.getByLabel("What stays in place").selectOption("specimen");
    await slider(page).press("Home");
    await frameIs(page, 0);
    const still = async () => {
      const frame = Number(/\d+/.exec(await time(page))![0]);
      const line = regions.find((region) => region.frame === String(frame))!;
      const [down, right] = [
        Number(line.row) - Number(line.row_corrected),
        Number(line.column) - Number(line.column_corrected),
      ];
      return await pointAt(page, 5 + down, 5 + right);
    };
    const before = await still();
    await slider(page).press("ArrowRight");
    await frameIs(page, 1);
    const after = await still();
    assert.ok(Math.hypot(after.x - before.x, after.y - before.y) < 2, JSON.stringify([before, after]));
    await page.getByLabel("What stays in place").selectOption("track");
    await page.getByLabel("What stays in place").selectOption("frame");
    await page.locator("#map").press("0");
  });

  await step(
    "a line drawn over the map gives the tracks along it; a click on it goes to frame and track",
    async () => {
      await page.getByRole("button", { name: "Draw line" }).click();
      const from = await pointAt(page, 9.5, -0.4), to = await pointAt(page, 9.5, frameSide - 0.6);
      await dragMouse(page, [from, to]);
      const canvas = page.locator(".kymograph canvas");
      await canvas.waitFor();
      const places = Number(await canvas.getAttribute("width"));
      assert.ok(Math.abs(places - frameSide) <= 1, `${places} places`);
      const box = (await canvas.boundingBox())!;
      const [frame, place] = [6, Math.floor(places / 2)], axes = page.locator(".kymograph .axis span");
      assert.deepEqual(await axes.allInnerTexts(), [
        ...["frame 0", String(count - 1)],
        ...["0", `${(frameSide - 0.2).toFixed(1)} probes along the line`],
      ]);
      await page.mouse.click(
        box.x + (place + 0.5) / places * box.width,
        box.y + (frame + 0.5) / count * box.height,
      );
      await frameIs(page, frame);
      const expected = [9, 10].map((row) => String(trackAt(frame, row, place)));
      await shows(
        async () => expected.includes((await chosen(page))[0]?.split("\n")[0]),
        true,
      );
      // Drift corrected, the line is one of the specimen: where it was drawn, it says what lies there.
      await page.getByLabel("What stays in place").selectOption("specimen");
      await page.getByRole("button", { name: "Draw line" }).click();
      await dragMouse(page, [await pointAt(page, 9, 4), await pointAt(page, 9, 15)]);
      await shows(() => canvas.getAttribute("width"), (width) => Math.abs(Number(width) - 12) <= 1);
      await shows(() => canvas.getAttribute("aria-label"), /drift corrected$/);
      const along = Number(await canvas.getAttribute("width"));
      await page.mouse.click(box.x + 0.5 / along * box.width, box.y + (frame + 0.5) / count * box.height);
      await shows(async () => (await chosen(page))[0]?.split("\n")[0], String(trackAt(frame, 9, 4)));
      await page.getByLabel("What stays in place").selectOption("frame");
      await keepsRules(page);
      await screenshot("series-kymograph");
    },
  );

  await step(
    "pointing at kymograph, curve or list says frame and track, and shows the track on the map",
    async () => {
      await slider(page).press("Home");
      await frameIs(page, 0);
      await page.keyboard.press("Escape");
      const map = (await page.locator("#map").boundingBox())!;
      const away = () => page.mouse.move(5, 5);
      await away();
      const canvas = page.locator(".kymograph canvas"), places = 13;
      await page.getByLabel("Line from row,column to row,column").fill("9.5,4.5 9.5,16.5");
      await page.keyboard.press("Enter");
      await shows(() => canvas.getAttribute("width"), String(places));
      const box = (await canvas.boundingBox())!, before = await pictureOf(page, map);
      await page.mouse.move(box.x + 0.5 / places * box.width, box.y + 0.5 / count * box.height);
      const track = trackAt(0, 9, 4),
        size = regions.find((region) => region.track === String(track) && region.frame === "0")!.size;
      await shows(() => readout(page), `frame 0 row 9 column 4; Track ${track} ${size} probes`);
      assert.notEqual(await pictureOf(page, map), before);
      await away();
      await shows(() => pictureOf(page, map), before);
      // A curve: its track, and the frame at that place.
      await option(page, track).click();
      const curve = page.locator(`.area-curve[data-track="${track}"] path.hit`);
      const [left, right] = await curve.evaluate((path: SVGPathElement) => {
        const matrix = path.getScreenCTM()!, ends = [0, path.getTotalLength()];
        return ends.map((length) => path.getPointAtLength(length).matrixTransform(matrix)).map((
          { x, y },
        ) => ({ x, y }));
      });
      const last = Math.max(
        ...regions.filter((region) => region.track === String(track)).map(({ frame }) => Number(frame)),
      );
      await page.mouse.move(right.x, right.y);
      await shows(() => readout(page), new RegExp(`^frame ${last}; Track ${track} \\d+ probes$`));
      await page.mouse.click(right.x, right.y);
      await frameIs(page, last);
      await shows(async () => (await chosen(page)).map((text) => text.split("\n")[0]), [String(track)]);
      await page.mouse.move(left.x, left.y);
      await shows(() => readout(page), /^frame 0;/);
      // The list.
      await option(page, track).hover();
      await shows(() => readout(page), new RegExp(`^frame ${last}; Track ${track}`));
      // It is about the frame that is shown, also when that moves under it.
      await slider(page).press("Home");
      await frameIs(page, 0);
      await shows(() => readout(page), new RegExp(`^frame 0; Track ${track} ${size} probes$`));
      await away();
      await shows(() => readout(page), /^row /);
      await keepsRules(page);
    },
  );

  await step("the address holds frame and track", async () => {
    await option(page, 0).click();
    await slider(page).press("Home");
    await slider(page).press("ArrowRight");
    await frameIs(page, 1);
    await shows(() => Promise.resolve(new URL(page.url()).searchParams.get("frame")), "1");
    await shows(() => Promise.resolve(new URL(page.url()).searchParams.get("track")), "0");
    await page.reload();
    await frameIs(page, 1);
    await shows(async () => (await chosen(page)).map((text) => text.split("\n")[0]), ["0"]);
  });

  await step("the frame is a result like any other: its clusters are in the other views", async () => {
    await page.getByLabel("Maps of").selectOption("clusters");
    const clusters = regions.filter(({ frame }) => frame === "1").length;
    await shows(() => page.getByRole("tab", { name: /^Clusters/ }).innerText(), `Clusters ${clusters}`);
    await slider(page).press("ArrowRight");
    await frameIs(page, 2);
    const next = regions.filter(({ frame }) => frame === "2").length;
    await shows(() => page.getByRole("tab", { name: /^Clusters/ }).innerText(), `Clusters ${next}`);
    await page.getByLabel("Maps of").selectOption("tracks");
  });

  await step(
    "a cut, an assignment and their undoing; kept and saved they are those of the command line",
    async () => {
      await option(page, 0).click();
      await page.getByRole("button", { name: "Cut here" }).click();
      const made = String(Math.max(...regions.map(({ track }) => Number(track))) + 1);
      await shows(async () => (await chosen(page)).map((text) => text.split("\n")[0]), [made]);
      await shows(() => page.locator(".track-facts").innerText(), /appears at 2/);
      await page.getByLabel("Track that the region of this frame belongs to").fill("2");
      await page.keyboard.press("Enter");
      await shows(async () => (await chosen(page)).map((text) => text.split("\n")[0]), ["2"]);
      await page.getByRole("button", { name: "Undo" }).click();
      await shows(() => page.locator(".corrections summary").innerText(), /^1 correction, not kept yet$/);
      await page.locator("#map").focus();
      await page.keyboard.press("Control+Shift+Z");
      await shows(() => page.locator(".corrections summary").innerText(), /^2 corrections/);

      // What cannot be done is said.
      await option(page, 0).click();
      await option(page, 1).click({ modifiers: ["Shift"] });
      await page.getByRole("button", { name: "Join" }).click();
      await shows(
        () => page.locator(".notice").innerText(),
        /Tracks 0 and 1 are both in frame 0: cut one of them/,
      );

      await page.locator(".corrections summary").click();
      await keepsRules(page);
      await screenshot("series-corrections");
      await page.getByRole("button", { name: "Keep beside the series" }).click();
      await shows(() => page.locator(".corrections summary").innerText(), "2 corrections");
      await page.getByRole("button", { name: "Save corrected tracks" }).click();
      await shows(() => page.locator(".corrections .note").innerText(), "Saved 7 files");
      const ours = join(folder, "theirs");
      await crystalliteJson("tracks", series, "--out", ours);
      for (const name of ["tracks.npy", "tracks.csv", "events.csv", "track_summary.csv", "edits.json"]) {
        assert.deepEqual(
          Deno.readFileSync(join(`${series}-corrected`, name)),
          Deno.readFileSync(join(ours, name)),
          name,
        );
      }
      // They are there when the series is opened again.
      await page.reload();
      await shows(() => page.locator(".corrections summary").innerText(), "2 corrections");
    },
  );
});
