/** Begins the work of the page, once in the browser. */

import { computed, effect } from "@preact/signals";
import { isAlone, ownAnswers } from "./answering.ts";
import { followCrystalChoice } from "./crystal/analysing.ts";
import { followSpots } from "./crystal/cluster_spots.ts";
import { followColourKeys } from "./crystal/colour_keys.ts";
import { followCrystalMaps } from "./crystal/crystal_maps.ts";
import { applyPageWords, followAddress } from "./opening/address.ts";
import { followTool } from "./editing/drawing.ts";
import { followKept } from "./editing/kept.ts";
import { whenMissing } from "./errors.ts";
import { followCommand } from "./exporting.ts";
import { followLabels, worker } from "./labels.ts";
import { dropEarly } from "./opening/early.ts";
import { openPath } from "./opening/opening.ts";
import { followDrops } from "./opening/uploading.ts";
import { openDelivered } from "./opening/picking.ts";
import { reopen } from "./opening/reopening.ts";
import { followEstimate, followItem } from "./running/parameters.ts";
import { followNotes } from "./looking/notes.ts";
import { followDeflection } from "./looking/deflection.ts";
import { followBadPixels } from "./looking/bad_pixels.ts";
import { followProbe } from "./looking/probe_pattern.ts";
import { followLikeness } from "./looking/likeness.ts";
import { followRuler } from "./looking/ruler.ts";
import { followUpper } from "./looking/upper_pattern.ts";
import { followKeys } from "./shortcuts.ts";
import { item, type Theme, theme } from "./state.ts";
import { followThumbnails } from "./looking/thumbnails.ts";
import { showChoice } from "./opening/screen.ts";
import { followSteady } from "./series/follow.ts";
import { followFrameItem } from "./series/frame_item.ts";
import { followKymograph } from "./series/kymograph.ts";
import { followKeptTracks } from "./series/track_editing.ts";
import { waitForFrames } from "./series/time.ts";
import { followFrameTracks, tracksHere } from "./series/tracks.ts";
import { realView, realViews } from "./views/real_views.ts";

const themeKey = "crystallite.theme";
let started = false;

/** Opens what the address names, and keeps everything up to date from then on. */
export function start(): void {
  if (started) return;
  started = true;
  followTheme();
  followLabels();
  followItem();
  followEstimate();
  followNotes();
  followBadPixels();
  followKept();
  whenMissing(reopen);
  followProbe();
  followUpper();
  followThumbnails();
  followLikeness();
  for (const view of realViews) view.follow?.(computed(() => realView.value === view));
  followCrystalMaps(computed(() => !["clusters", "deflection"].includes(realView.value.group)));
  followDeflection(computed(() => realView.value.group === "deflection"));
  followColourKeys();
  followSpots();
  followFrameTracks();
  followFrameItem();
  followSteady();
  followKymograph();
  followKeptTracks();
  waitForFrames(tracksHere);
  followCommand();
  followCrystalChoice();
  followAddress();
  followTool();
  followRuler();
  followKeys();
  followDrops();
  effect(() => {
    document.title = item.value ? `${item.value.name} – crystallite` : "crystallite";
  });
  document.documentElement.dataset.ready = "true";
  const words = Object.fromEntries(new URLSearchParams(location.search));
  if (words.open && !isAlone()) {
    // It starts while the server opens the file.
    worker();
    // An address that a page has written says all that the file is opened with.
    const said = words.view !== undefined || words.input !== undefined;
    const asked = { input: inputOf(words.input), ...words.scan && { scan: words.scan } };
    openPath(words.open, said ? asked : undefined, words).finally(dropEarly);
  } else {
    applyPageWords(words);
    const delivered = ownAnswers()?.openDelivered;
    if (delivered) openDelivered(delivered);
    else showChoice();
  }
}

/** Flags about reading the file, as the address holds them. */
function inputOf(text: string | undefined): readonly string[] {
  try {
    const input = JSON.parse(text ?? "[]");
    return Array.isArray(input) ? input.filter((word) => typeof word === "string") : [];
  } catch {
    return [];
  }
}

function followTheme(): void {
  const stored = localStorage.getItem(themeKey);
  const preferred: Theme = matchMedia("(prefers-color-scheme: light)").matches ? "light" : "dark";
  theme.value = stored === "dark" || stored === "light" ? stored : preferred;
  let first = true;
  effect(() => {
    document.documentElement.dataset.theme = theme.value;
    if (!first) localStorage.setItem(themeKey, theme.value);
    first = false;
  });
}
