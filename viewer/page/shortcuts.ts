/** Keys of the page: one table for what they do and for the sheet that lists them. */

import { spotsWanted } from "./crystal/cluster_spots.ts";
import { toggleLike } from "./looking/cluster_colouring.ts";
import { chooseDetector } from "./looking/choose_detector.ts";
import { excludeSelected, mergeSelected, splitSelected } from "./editing/editing.ts";
import { redo, undo } from "./editing/history.ts";
import { selectAtProbe, showAll } from "./looking/looking.ts";
import { startRunning } from "./running/running.ts";
import {
  detectorKind,
  drawerOpen,
  minimumSize,
  outlines,
  patternScale,
  shortcutsOpen,
  tab,
  tool,
} from "./state.ts";
import { moveMinimumSize, moveToStable, stepThreshold } from "./looking/thresholds.ts";
import { screen } from "./opening/screen.ts";
import { clearSelection } from "./looking/selection.ts";
import { stepFrame, togglePlaying } from "./series/time.ts";
import { cutTrack, joinTracks, redoTracks, undoTracks } from "./series/track_editing.ts";
import { chooseTrack } from "./series/tracks.ts";
import {
  lookAt,
  lookAtKey,
  nextGroup,
  realView,
  realViews,
  viewGroups,
  viewsOf,
} from "./views/real_views.ts";
import { virtualView } from "./views/virtual_image.ts";

/** One line of the sheet, and what its keys do. */
interface Shortcut {
  readonly name: string;
  /** The keys as shown, parted by spaces. */
  readonly shown: string;
  readonly keys?: Readonly<Record<string, () => void>>;
}

const scales = ["log", "sqrt", "linear"] as const;

/** All shortcuts by group. */
export const shortcuts: readonly (readonly [group: string, lines: readonly Shortcut[]])[] = [
  ["Probe and map", [
    { name: "Move the probe", shown: "← ↑ → ↓" },
    { name: "Ten steps", shown: "Shift arrow" },
    { name: "Select the cluster here", shown: "Enter", keys: { Enter: () => selectAtProbe(false) } },
    { name: "Show all", shown: "0", keys: { 0: showAll } },
    { name: "Outlines", shown: "O", keys: { o: () => outlines.value = !outlines.value } },
    {
      name: "Log, root, linear",
      shown: "L",
      keys: {
        l: () => patternScale.value = scales[(scales.indexOf(patternScale.value) + 1) % scales.length],
      },
    },
    ...viewGroups.map(({ group }, place): Shortcut => {
      const views = viewsOf(group);
      return {
        name: sentence(views.map(({ label }) => label)),
        shown: views.map(({ key }) => key).join(" "),
        // The keys are those of the group that is shown: one entry has them for all groups.
        ...(place === 0 && { keys: groupKeys() }),
      };
    }),
    { name: sentence(viewGroups.map(({ label }) => label)), shown: "G", keys: { g: nextGroup } },
    {
      name: "Measured peaks and spots on averages",
      shown: "K",
      keys: { k: () => spotsWanted.value = !spotsWanted.value },
    },
    { name: "Hold: look at the virtual image", shown: "Space" },
  ]],
  ["Time", [
    {
      name: "Frame before, frame after",
      shown: ", .",
      keys: { ",": () => stepFrame(-1), ".": () => stepFrame(1) },
    },
    { name: "In tracks: play or stop", shown: "Space" },
    {
      name: "In tracks: join, cut at this frame",
      shown: "J C",
      keys: { j: () => inTracks(joinTracks), c: () => inTracks(cutTrack) },
    },
  ]],
  ["Threshold", [
    {
      name: "Lower, higher",
      shown: "[ ]",
      keys: { "[": () => stepThreshold(-1), "]": () => stepThreshold(1) },
    },
    {
      name: "Smaller, larger minimum size",
      shown: "{ }",
      keys: {
        "{": () => moveMinimumSize(minimumSize.value - 1),
        "}": () => moveMinimumSize(minimumSize.value + 1),
      },
    },
    { name: "Stable range", shown: "T", keys: { t: moveToStable } },
  ]],
  ["Edit", [
    { name: "Merge", shown: "M", keys: { m: mergeSelected } },
    { name: "Split at the weakest link", shown: "S", keys: { s: splitSelected } },
    { name: "Exclude", shown: "X", keys: { x: excludeSelected } },
    { name: "Clusters like this one", shown: "Y", keys: { y: toggleLike } },
    { name: "Undo", shown: "Ctrl Z" },
    { name: "Redo", shown: "Ctrl Shift Z" },
  ]],
  ["Draw", [
    {
      name: "Select, move the picture",
      shown: "V H",
      keys: { v: () => tool.value = "select", h: () => tool.value = "move" },
    },
    { name: "Measure on map and patterns", shown: "U", keys: { u: () => tool.value = "ruler" } },
    {
      name: "Mask: rectangle, polygon, brush",
      shown: "R P B",
      keys: {
        r: () => tool.value = "rectangle",
        p: () => tool.value = "polygon",
        b: () => tool.value = "brush",
      },
    },
    {
      name: "Detector: disk, annulus",
      shown: "D A",
      keys: { d: () => chooseDetector("disk"), a: () => chooseDetector("annulus") },
    },
    { name: "Leave the tool", shown: "Esc", keys: { Escape: leave } },
  ]],
  ["Run", [
    { name: "Run again", shown: "Ctrl Enter" },
    { name: "Export", shown: "E", keys: { e: () => tab.value = "export" } },
    { name: "This sheet", shown: "?", keys: { "?": () => shortcutsOpen.value = true } },
  ]],
];

const actions = new Map(
  shortcuts.flatMap(([, lines]) => lines.flatMap(({ keys }) => Object.entries(keys ?? {}))),
);

/** What the keys of views do. */
function groupKeys(): Readonly<Record<string, () => void>> {
  return Object.fromEntries(realViews.map(({ key }) => [key, () => lookAtKey(key)]));
}

/** `One, two, three`. */
function sentence([first, ...others]: readonly string[]): string {
  const lower = (label: string) => /^[A-Z][a-z_ ]*$/.test(label) ? label.toLowerCase() : label;
  return [first, ...others.map(lower)].join(", ");
}

/** Does something where tracks are shown. */
function inTracks(action: () => void): void {
  if (realView.value.group === "tracks") action();
}

/** Leaves the innermost thing: drawer, tool, detector, selection. */
function leave(): void {
  if (drawerOpen.value) drawerOpen.value = false;
  else if (tool.value !== "select") tool.value = "select";
  else if (detectorKind.value !== "none") detectorKind.value = "none";
  else if (realView.value.group === "tracks") chooseTrack(-1);
  else clearSelection();
}

/** Listens until the returned function is called. */
export function followKeys(): () => void {
  const stop = new AbortController();
  const press = (event: KeyboardEvent) => {
    const target = event.target as HTMLElement;
    const typing = target.matches?.("input:not([type=checkbox]):not([type=range]), textarea, select");
    if (screen.value.kind !== "main" || event.defaultPrevented) return;
    // A dialog over everything has the keys for itself.
    if (document.querySelector("dialog:modal")) return;
    if ((event.ctrlKey || event.metaKey) && event.key === "Enter") {
      event.preventDefault();
      // What is written in a field counts before it is left.
      if (typing) {
        target.blur();
        target.focus();
      }
      startRunning();
      return;
    }
    if (typing) return;
    if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "z") {
      event.preventDefault();
      if (realView.value.group === "tracks") (event.shiftKey ? redoTracks : undoTracks)();
      else (event.shiftKey ? redo : undo)();
      return;
    }
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const tracks = realView.value.group === "tracks";
    if (event.key === " " && tracks && !target.matches?.("button, summary, [role=option], input")) {
      event.preventDefault();
      if (!event.repeat) togglePlaying();
      return;
    }
    if (event.key === " " && !target.matches?.("button, summary, [role=option], input")) {
      event.preventDefault();
      if (!event.repeat) peekVirtual(stop.signal);
      return;
    }
    // Enter and Escape on a button are the button's, except that Escape always leaves.
    if (event.key === "Enter" && target !== document.body && !target.matches?.("canvas")) return;
    const action = actions.get(event.key.length === 1 ? event.key.toLowerCase() : event.key);
    if (!action) return;
    event.preventDefault();
    action();
  };
  addEventListener("keydown", press, { signal: stop.signal });
  return () => stop.abort();
}

/** Shows the virtual image with outlines for as long as the key is held. */
function peekVirtual(signal: AbortSignal): void {
  const before = { view: realView.value, outlines: outlines.value };
  if (before.view === virtualView) return;
  lookAt(virtualView);
  outlines.value = true;
  const back = (event: KeyboardEvent) => {
    if (event.key !== " ") return;
    removeEventListener("keyup", back);
    lookAt(before.view);
    outlines.value = before.outlines;
  };
  addEventListener("keyup", back, { signal });
}
