/** Choosing a scan where no server has folders: by a file of this computer, which the page reads by itself. */

import { useEffect, useRef } from "preact/hooks";
import { openPicked } from "../page/opening/picking.ts";
import { showMain } from "../page/opening/screen.ts";
import { cancelUpload, dropped } from "../page/opening/uploading.ts";
import { item } from "../page/state.ts";

export function PickCard() {
  const field = useRef<HTMLInputElement>(null);
  const file = dropped.value?.file;
  useEffect(() => field.current!.focus(), []);
  useEffect(() => {
    if (!file) return;
    cancelUpload();
    openPicked([file]);
  }, [file]);
  return (
    <div class="card">
      <h1>Open a scan</h1>
      <p>
        A 4D-STEM scan of up to about 1 GB: .npy, .npz, .hspy, EMD and other HDF5, and the other formats whose
        scans are files. It is read and clustered in this page; nothing leaves this computer.
      </p>
      <div class="drop">
        <p>
          Pick a file, or drop one. Pick files that belong together, such as a header and its data, at once.
        </p>
        <form>
          <input
            class="text-field"
            type="file"
            multiple
            ref={field}
            aria-label="Scan to open"
            onChange={(event) => openPicked(Array.from(event.currentTarget.files ?? []))}
          />
          {item.value && <button type="button" class="button" onClick={showMain}>Back</button>}
        </form>
      </div>
      <p class="note">
        Results in folders, Zarr stores, frames of a series clustered in one go, orientations and strain, and
        saving whole results need crystallite on this computer.
      </p>
    </div>
  );
}
