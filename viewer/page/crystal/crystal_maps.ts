/** Orientations and strain of the result, loaded when they are looked at first. Only this file writes them. */

import { batch, computed, effect, type ReadonlySignal, signal } from "@preact/signals";
import type { OrientationsHeader, StrainHeader } from "../../protocol/crystals.ts";
import type { OpenedItem } from "../../protocol/items.ts";
import { call } from "../client.ts";
import { complain } from "../errors.ts";
import { item, reconnections } from "../state.ts";
import { storedShown } from "./stored_shown.ts";

/** Orientations by cluster; see `OrientationsHeader`. */
export interface OrientationMaps extends OrientationsHeader {
  readonly labels: Int32Array;
  readonly inPlane: Uint8Array;
  readonly outOfPlane: Uint8Array;
}

/** Strain by probe; see `StrainHeader`. */
export interface StrainMaps extends StrainHeader {
  readonly strain: Float32Array;
  readonly error: Float32Array;
  readonly dilation: Float32Array;
}

const orientations = signal<OrientationMaps | null>(null);
const strain = signal<StrainMaps | null>(null);

/** `null` until they have come, and while other clusters than those of the result are shown. */
export const orientationMaps: ReadonlySignal<OrientationMaps | null> = computed(() =>
  storedShown.value ? orientations.value : null
);

/** As {@link orientationMaps}. */
export const strainMaps: ReadonlySignal<StrainMaps | null> = computed(() =>
  storedShown.value ? strain.value : null
);

/**
 * Loads the maps of whatever is open: orientations, which the list of clusters says as well, and strain once it is looked
 * at.
 *
 * @param looked whether maps of crystals are looked at
 */
export function followCrystalMaps(looked: ReadonlySignal<boolean>): () => void {
  /** Item and revision that the maps are of, or are loaded for. */
  let loaded = "", strained = "";
  return effect(() => {
    const opened = item.value, key = `${opened?.id}:${opened?.revision}`;
    reconnections.value;
    if (key !== loaded && loaded !== "" || key !== strained && strained !== "") {
      loaded = strained = "";
      batch(() => orientations.value = strain.value = null);
    }
    const crystals = opened?.clustering?.crystals, wanted = looked.value;
    if (!opened || !crystals) return;
    // Each is shown as it comes, and without the other if need be.
    if (loaded !== key) {
      loaded = key;
      loadOrientations(opened).catch((cause) => {
        if (item.peek() !== opened) return;
        loaded = "";
        complain(cause);
      });
    }
    if (crystals.strain && wanted && strained !== key) {
      strained = key;
      loadStrain(opened).catch((cause) => {
        if (item.peek() !== opened) return;
        strained = "";
        complain(cause);
      });
    }
  });
}

/** Whether an item is still shown, with the same clustering. */
function shown({ id, revision }: OpenedItem): boolean {
  return item.peek()?.id === id && item.peek()?.revision === revision;
}

async function loadOrientations(opened: OpenedItem): Promise<void> {
  const { header, arrays } = await call("GET /api/items/:id/orientations", {
    id: opened.id,
    revision: opened.revision,
  });
  if (!shown(opened)) return;
  orientations.value = {
    ...header,
    labels: arrays.labels as Int32Array,
    inPlane: arrays.inPlane as Uint8Array,
    outOfPlane: arrays.outOfPlane as Uint8Array,
  };
}

async function loadStrain(opened: OpenedItem): Promise<void> {
  const { header, arrays } = await call("GET /api/items/:id/strain", {
    id: opened.id,
    revision: opened.revision,
  });
  if (!shown(opened)) return;
  strain.value = {
    ...header,
    strain: arrays.strain as Float32Array,
    error: arrays.error as Float32Array,
    dilation: arrays.dilation as Float32Array,
  };
}
