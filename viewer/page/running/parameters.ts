/** The form with the parameters of the next run. */

import { computed, effect, signal } from "@preact/signals";
import type { EstimateAnswer, RunRequest } from "../../protocol/runs.ts";
import {
  countChanges,
  firstForm,
  type Form,
  formOf,
  type Preset,
  textsOf,
  withText,
  wordsOf,
} from "./form.ts";
import { correct, say } from "../editing/history.ts";
import { call } from "../client.ts";
import { AtRest } from "../at_rest.ts";
import { series } from "../series/time.ts";
import { detector, detectorKind, drawnMask, item, runMask, tab } from "../state.ts";

export const form = signal<Form>(firstForm);

/** The form of the clustering that is shown. */
export const shownForm = computed<Form | null>(() => {
  const clustering = item.value?.clustering;
  return clustering ? formOf(clustering.words) : null;
});

/** How many fields differ from the run that is shown. */
export const changes = computed(() => shownForm.value ? countChanges(shownForm.value, form.value) : 0);

/** The drawn mask that the next run gets. */
export const chosenMask = computed(() => drawnMask.value ?? runMask.value);

/** What the next run is asked for. */
export const runRequest = computed<RunRequest>(() => ({
  words: wordsOf(form.value),
  ...(chosenMask.value && { mask: chosenMask.value }),
}));

/** What it would take; `null` while unknown. */
export const estimate = signal<EstimateAnswer | null>(null);

export function changeField(flag: string, text: string): void {
  const changed = withText(form.value, flag, text);
  const unfiltered = flag === "--prefilter" && text === "off" &&
    textsOf(changed)["--average"] === "filtered";
  form.value = unfiltered ? withText(changed, "--average", "raw") : changed;
}

/** The next run gets no drawn mask. */
export function forgetMask(): void {
  runMask.value = null;
  if (drawnMask.value) correct({ mask: null }, "The drawn mask no longer holds");
}

export function choosePreset(preset: Preset): void {
  form.value = { preset, changed: {} };
}

/** The drawn detector becomes the part of the patterns that is compared. */
export function useDetectorAsMask(): void {
  const { row, column, inner = 0, outer } = detector.value;
  const tenths = (pixels: number) => String(Math.round(10 * pixels) / 10);
  if (detectorKind.value === "none") return;
  changeField("--q-center", `${tenths(row)},${tenths(column)}`);
  changeField(
    "--q-mask",
    detectorKind.value === "disk" ? `disk:${tenths(outer)}` : `annulus:${tenths(inner)},${tenths(outer)}`,
  );
  tab.value = "parameters";
  say("The detector is the q mask of the next run");
}

/** Fills the form with what gave the clustering that is shown; of several scans, with that of the first one alone. */
export function followItem(): () => void {
  let shown: string | undefined, scans: string | undefined;
  return effect(() => {
    const opened = item.value;
    const version = opened && `${opened.id}:${opened.revision}`;
    if (!opened || version === shown) return;
    shown = version!;
    const opening = series.peek()?.linked === false ? series.peek()!.series : undefined,
      same = opening === scans;
    scans = opening;
    // All frames are run alike, whichever is looked at.
    if (opening !== undefined && same) return;
    form.value = opened.clustering ? formOf(opened.clustering.words) : firstForm;
  });
}

/** Keeps the estimate up to date while the parameters are looked at. */
export function followEstimate(): () => void {
  const rest = new AtRest(200);
  return effect(() => {
    const opened = item.value, wanted = runRequest.value, looked = tab.value === "parameters";
    rest.stop();
    estimate.value = null;
    if (!opened?.scan.readable || !looked) return;
    rest.begin(async (signal) => {
      try {
        const answer = await call("POST /api/items/:id/estimate", { id: opened.id }, wanted, signal);
        if (!signal.aborted) estimate.value = answer;
      } catch {
        // Parameters that make no sense have no estimate; starting the run says what is wrong with them.
      }
    });
  });
}
