/** The choices of a figure as words, which a session keeps. */

import { batch } from "@preact/signals";
import * as choices from "./choices.ts";

const marked: readonly choices.Marked[] = ["all", "chosen", "none"];

/** Names of the words in a session. */
type FigureWord = "figure" | "caption";

/** What was chosen: `figure` as the query of an address would say it, and `caption` where one was written by hand. */
export function figureWords(): { readonly [Word in FigureWord]?: string } {
  const { width, arrangement, columns, numbered, outlined, resolution } = choices;
  const query = new URLSearchParams({
    ...{ width: String(width.value), arrangement: arrangement.value, columns: String(columns.value) },
    ...{ numbered: numbered.value, outlined: outlined.value, resolution: String(resolution.value) },
  });
  for (const [name, shown] of switches) query.set(name, shown.value ? "1" : "0");
  const names = choices.chosenNames.value, caption = choices.writtenCaption.value;
  if (names) query.set("patterns", names.join("."));
  return { figure: query.toString(), ...caption !== null && { caption } };
}

/** What is shown or not, by the names of their words. */
const switches = [
  ["scalebars", choices.withScaleBars],
  ["colourbars", choices.withColourBars],
  ["spots", choices.withSpots],
  ["captioned", choices.withCaption],
] as const;

/** Takes such words; what makes no sense is left as it is. */
export function takeFigureWords(words: { readonly [Word in FigureWord]?: string }): void {
  if (words.figure === undefined) return;
  const query = new URLSearchParams(words.figure), of = (name: string) => query.get(name) ?? "";
  const { least, most } = choices.widthLimits;
  batch(() => {
    const width = Number(of("width"));
    if (width >= least && width <= most) choices.width.value = width;
    const columns = Number(of("columns"));
    if (Number.isInteger(columns) && columns >= 1 && columns <= choices.mostColumns) {
      choices.columns.value = columns;
    }
    choices.arrangement.value = one(["beside", "below"], of("arrangement")) ?? choices.arrangement.value;
    choices.numbered.value = one(marked, of("numbered")) ?? choices.numbered.value;
    choices.outlined.value = one(marked, of("outlined")) ?? choices.outlined.value;
    choices.resolution.value = choices.resolutions.find((dots) => String(dots) === of("resolution")) ??
      choices.resolution.value;
    for (const [name, shown] of switches) if (query.has(name)) shown.value = of(name) === "1";
    const names = of("patterns").split(".").map(Number);
    choices.chooseNames(
      query.has("patterns") && names.every((name) => Number.isInteger(name) && name >= 0) ? names : null,
    );
    choices.writeCaption(words.caption ?? null);
  });
}

function one<Word extends string>(words: readonly Word[], text: string): Word | undefined {
  return words.find((word) => word === text);
}
