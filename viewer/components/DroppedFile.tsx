/** What becomes of a file that was dropped on the page. */

import { mostUploaded } from "../protocol/limits.ts";
import { openPath } from "../page/opening/opening.ts";
import {
  cancelUpload,
  dropped,
  listed,
  sameListed,
  uploadDropped,
  uploadFailure,
} from "../page/opening/uploading.ts";
import { formatBytes } from "../../library/report/number_format.ts";

export function DroppedFile() {
  const { file, done } = dropped.value ?? {};
  if (!file) {
    return (
      <p>
        Paste the path of a file or of a result folder, or drop a file of up to {formatBytes(mostUploaded)}.
      </p>
    );
  }
  const listing = listed.value, folder = listing?.path, same = sameListed(file, listing);
  const cancel = <button type="button" class="button" onClick={cancelUpload}>Cancel</button>;
  if (done !== null && done !== undefined) {
    return (
      <div class="dropped" role="status">
        <progress aria-label={`Copying ${file.name}`} max={file.size} value={done} />
        <span>{formatBytes(done)} of {formatBytes(file.size)}</span>
        {cancel}
      </div>
    );
  }
  return (
    <div class="dropped">
      {same
        ? (
          <span>
            <b>{file.name}</b> lies in this folder.
          </span>
        )
        : folder
        ? (
          <span>
            A browser does not say where <b>{file.name}</b> lies. Copy its {formatBytes(file.size)} into{" "}
            {folder}?
          </span>
        )
        : (
          <span>
            Choose a folder below that <b>{file.name}</b> is copied into.
          </span>
        )}
      {same && <button type="button" class="button primary" onClick={() => open(same)}>Open it</button>}
      {!same && folder && (
        <button type="button" class="button primary" onClick={() => uploadDropped(folder)}>
          Copy and open
        </button>
      )}
      {cancel}
      {uploadFailure.value && <p class="note bad" role="alert">{uploadFailure}</p>}
    </div>
  );
}

function open(path: string): void {
  cancelUpload();
  openPath(path);
}
