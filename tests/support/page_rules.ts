/** Rules that every state of the page must keep: contrast, names, sizes of targets. */

import type { BrowserContext, Page } from "./playwright.ts";

/** What breaks the contrast of text with what lies behind it: 4.5, or 3 for large text. */
export async function contrastFaults(page: Page): Promise<string[]> {
  return await page.evaluate(() => {
    type Colour = [red: number, green: number, blue: number, alpha: number];
    const context = document.createElement("canvas").getContext("2d", { willReadFrequently: true })!;
    /** Any colour of CSS, as the browser itself paints it. */
    const parse = (text: string): Colour => {
      context.clearRect(0, 0, 1, 1);
      context.fillStyle = text;
      context.fillRect(0, 0, 1, 1);
      const [red, green, blue, alpha] = context.getImageData(0, 0, 1, 1).data;
      return [red, green, blue, alpha / 255];
    };
    const over = (front: Colour, back: Colour): Colour => {
      const mix = (place: 0 | 1 | 2) => front[place] * front[3] + back[place] * (1 - front[3]);
      return [mix(0), mix(1), mix(2), 1];
    };
    const luminance = ([red, green, blue]: Colour) => {
      const linear = [red, green, blue].map((value) => {
        const share = value / 255;
        return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
      });
      return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2];
    };
    const behind = (element: Element): Colour => {
      const layers: Colour[] = [];
      for (let at: Element | null = element; at; at = at.parentElement) {
        const colour = parse(getComputedStyle(at).backgroundColor);
        layers.push(colour);
        if (colour[3] === 1) break;
      }
      return layers.reduceRight<Colour>((back, front) => over(front, back), [255, 255, 255, 1]);
    };
    const faults: string[] = [];
    const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    while (texts.nextNode()) {
      const text = texts.currentNode.textContent!.trim(), element = texts.currentNode.parentElement!;
      const box = element.getBoundingClientRect(), style = getComputedStyle(element);
      if (text === "" || box.width < 2 || box.height < 2 || style.visibility === "hidden") continue;
      // Controls that cannot be used, and what lies on data, are no matter of the theme's colours.
      if (element.closest(":disabled, [aria-disabled=true], .unseen, option, .picture p")) continue;
      const colour = parse(element.closest("svg") ? style.fill : style.color), back = behind(element);
      const [one, other] = [luminance(over(colour, back)), luminance(back)].sort((first, second) =>
        second - first
      );
      const ratio = (one + 0.05) / (other + 0.05);
      const large = parseFloat(style.fontSize) >= 24 ||
        parseFloat(style.fontSize) >= 18.66 && Number(style.fontWeight) >= 700;
      if (ratio < (large ? 3 : 4.5)) {
        faults.push(`${ratio.toFixed(2)}: "${text.slice(0, 40)}" in ${element.className || element.tagName}`);
      }
    }
    return [...new Set(faults)];
  });
}

/** Controls in sight that are less than 24 px wide or high; links within text are as high as their line. */
export async function smallTargets(page: Page): Promise<string[]> {
  return await page.evaluate(() => {
    const faults: string[] = [];
    const controls = "button, input, select, summary, [role=slider], [role=option], [role=tab]";
    for (const element of document.querySelectorAll(controls)) {
      const label = element.closest("label") ??
        document.querySelector(`label[for="${element.id || "none"}"]`);
      const boxes = [element, label].filter((own) => own !== null).map((own) => own.getBoundingClientRect());
      const shown = getComputedStyle(element).visibility !== "hidden" && boxes[0].width > 0;
      if (!shown || element.matches(".link, .skip")) continue;
      const width = Math.max(...boxes.map((box) => box.width)),
        height = Math.max(...boxes.map((box) => box.height));
      if (width < 24 || height < 24) {
        const name = element.getAttribute("aria-label") ?? element.textContent!.trim().slice(0, 30);
        faults.push(`${width.toFixed(0)} x ${height.toFixed(0)}: ${element.tagName} ${name}`);
      }
    }
    return faults;
  });
}

/** Controls and numbers that are cut off by the pane, bar or line that they stand in, or by their own field. */
export async function cutOff(page: Page): Promise<string[]> {
  return await page.evaluate(() => {
    const faults: string[] = [];
    const lines = ".bar, .pane > header, .pane > footer, .tabs, .evidence-header, .panel-footer, .time";
    const nameOf = (part: Element) =>
      `${part.tagName} ${part.getAttribute("aria-label") ?? part.textContent!.trim().slice(0, 40)}`;
    for (const line of document.querySelectorAll(lines)) {
      for (const part of line.querySelectorAll("button, select, label, input, b, .colour-bar")) {
        const own = part.getBoundingClientRect(), style = getComputedStyle(part);
        if (own.width < 2 || own.height < 2 || style.visibility === "hidden") continue;
        // What reaches into a margin is there for the pointer, not for the eye.
        const [left, right] = [style.marginLeft, style.marginRight].map((margin) =>
          Math.max(0, -parseFloat(margin))
        );
        if (part.closest(".unseen, .popover")) continue;
        for (let frame = part.parentElement; frame; frame = frame === line ? null : frame.parentElement) {
          if (frame !== line && getComputedStyle(frame).overflowX === "visible") continue;
          const outer = frame.getBoundingClientRect();
          // What gives way does so whole, to a line that is not seen.
          if (own.top >= outer.bottom - 1 || own.bottom <= outer.top + 1) break;
          if (own.right - right > outer.right + 1 || own.left + left < outer.left - 1) {
            faults.push(`${nameOf(part)}: ${own.left} to ${own.right} of ${outer.left} to ${outer.right}`);
          }
        }
      }
    }
    for (const field of document.querySelectorAll<HTMLInputElement>("input.number")) {
      if (field.clientWidth > 0 && field.scrollWidth > field.clientWidth + 1) faults.push(nameOf(field));
    }
    return [...new Set(faults)];
  });
}

/** Pairs of words of a plot or a heading that lie on each other. */
export async function overlapping(page: Page, words: string): Promise<string[]> {
  return await page.evaluate((words) => {
    const found: string[] = [];
    const boxes = Array.from(document.querySelectorAll(words), (own) => {
      // Of an element that is wider than its words only these count.
      const range = document.createRange();
      range.selectNodeContents(own);
      return { text: own.textContent!, box: range.getBoundingClientRect() };
    }).filter(({ box }) => box.width > 0);
    boxes.forEach((one, place) =>
      boxes.slice(place + 1).forEach((other) => {
        const across = Math.min(one.box.right, other.box.right) - Math.max(one.box.left, other.box.left);
        const down = Math.min(one.box.bottom, other.box.bottom) - Math.max(one.box.top, other.box.top);
        if (across > 1 && down > 2) found.push(`${one.text} / ${other.text}`);
      })
    );
    return found;
  }, words);
}

const namedRoles = new Set([
  ...["application", "button", "checkbox", "combobox", "dialog", "listbox", "option", "progressbar", "radio"],
  ...["radiogroup", "region", "slider", "tab", "tabpanel", "textbox", "toolbar", "complementary"],
]);

/** Controls and regions without a name, as assistive technology sees the page. */
export async function namelessControls(page: Page, context: BrowserContext): Promise<string[]> {
  const session = await context.newCDPSession(page);
  try {
    const { nodes } = await session.send("Accessibility.getFullAXTree");
    return nodes
      .filter(({ ignored, role, name }) =>
        !ignored && namedRoles.has(role?.value) && !String(name?.value ?? "").trim()
      )
      .map(({ role, backendDOMNodeId }) => `${role?.value} (node ${backendDOMNodeId})`);
  } finally {
    await session.detach();
  }
}

/** What the focus passes with Tab, from the top of the page, until it has gone round. */
export async function tabOrder(page: Page, most = 80): Promise<string[]> {
  const passed: string[] = [];
  await page.locator("a.skip").focus();
  while (passed.length < most) {
    if (passed.length > 0) await page.keyboard.press("Tab");
    const name = await page.evaluate(() => {
      const element = document.activeElement;
      if (!element || element === document.body) return "";
      return (element.getAttribute("aria-label") ?? (element.id || element.textContent!.trim())).slice(0, 60);
    });
    if (name === "" || name === passed[0]) break;
    passed.push(name);
  }
  return passed;
}

/** Flags of the command line that the page names outside of commands: in its texts, titles, names and placeholders. */
export async function flagsNamed(page: Page): Promise<string[]> {
  return await page.evaluate(() => {
    const texts: string[] = [];
    const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    while (walk.nextNode()) {
      if (!walk.currentNode.parentElement!.closest("pre.code, script, style")) {
        texts.push(walk.currentNode.textContent!);
      }
    }
    for (const element of document.querySelectorAll("[title], [aria-label], [placeholder]")) {
      for (const name of ["title", "aria-label", "placeholder"]) texts.push(element.getAttribute(name) ?? "");
    }
    return texts.filter((text) => /(^|[^\w-])--[a-z]/.test(text));
  });
}
