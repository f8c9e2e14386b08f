/** Copies files of the browser into served folders: whole or not at all, and never in place of something. */

import { join } from "node:path";
import { BadParameter, fromSystemError } from "../../../library/scan/errors.ts";
import { InTurn } from "../../../library/scan/in_turn.ts";
import { formatBytes } from "../../../library/report/number_format.ts";
import { mostUploaded } from "../../protocol/limits.ts";
import type { UploadAnswer, UploadRequest } from "../../protocol/uploads.ts";
import { newSecret } from "../access/sessions.ts";
import { ServingError } from "../failures.ts";
import { checkName } from "../saving/file_names.ts";
import { mayHoldScan } from "./listing.ts";
import type { Roots } from "./roots.ts";

/** Copies that go on at once. */
const mostAtOnce = 4;
/** One that nothing has come of for so long is given up, in milliseconds. */
const patience = 60_000;

/** A copy that goes on. */
interface Upload {
  readonly folder: string;
  readonly name: string;
  readonly bytes: number;
  /** A hidden file beside the place of the whole one. */
  readonly partial: string;
  readonly file: Deno.FsFile;
  received: number;
  timer: ReturnType<typeof setTimeout>;
  /** Pieces are written one after the other. */
  readonly turns: InTurn;
}

/** The copies of one server. Close them when it ends. */
export class Uploads {
  readonly #going = new Map<string, Upload>();
  /** Of files of copies that were given up. */
  readonly #removals = new Set<Promise<void>>();

  constructor(readonly roots: Roots) {}

  /**
   * Begins a copy.
   *
   * @throws {BadParameter} when the name is none, or of no kind that can be opened, or the file is too large
   * @throws {ServingError} when the folder is not served, there is something already, or too much goes on
   */
  async begin({ folder, name, bytes }: UploadRequest): Promise<string> {
    if (bytes > mostUploaded) {
      throw new BadParameter(`${name} is too large to be copied`, {
        expected: `at most ${formatBytes(mostUploaded)}`,
        found: formatBytes(bytes),
        remedy: "move it into a folder that is served, and open it there",
      });
    }
    if (!mayHoldScan(checkName(name))) {
      throw new BadParameter(`${name} is of no kind that can be opened`, {
        expected: "a file with a scan",
        found: name,
        remedy: "name it as its format is usually named",
      });
    }
    const real = await this.roots.folder(folder);
    if (await isThere(join(real, name))) throw taken(real, name);
    if (this.#going.size >= mostAtOnce) {
      throw new ServingError("Busy", "other files are being copied", { remedy: "wait until they are done" });
    }
    const id = newSecret(), partial = join(real, `.${id.slice(0, 12)}.part`);
    let file: Deno.FsFile;
    try {
      file = await Deno.open(partial, { write: true, createNew: true });
    } catch (cause) {
      throw fromSystemError(cause, partial, "write");
    }
    const timer = setTimeout(() => this.cancel(id), patience);
    this.#going.set(id, {
      folder: real,
      name,
      bytes,
      partial,
      file,
      received: 0,
      timer,
      turns: new InTurn(),
    });
    return id;
  }

  /** Takes the next piece; with the last one the file gets its name. */
  async add(id: string, offset: number, piece: Uint8Array): Promise<UploadAnswer> {
    const upload = this.#going.get(id);
    if (!upload) throw new ServingError("NotFound", "this copy has ended", { remedy: "begin again" });
    return await upload.turns.run(() => this.#write(id, upload, offset, piece));
  }

  /** Gives a copy up. */
  cancel(id: string): void {
    const upload = this.#going.get(id);
    if (!upload) return;
    this.#forget(id, upload);
    const removal = upload.turns.ended().finally(() => Deno.remove(upload.partial)).catch(() => {})
      .finally(() => this.#removals.delete(removal));
    this.#removals.add(removal);
  }

  /** Gives all copies up, and waits until their files are gone. */
  async close(): Promise<void> {
    for (const id of [...this.#going.keys()]) this.cancel(id);
    await Promise.all(this.#removals);
  }

  async #write(id: string, upload: Upload, offset: number, piece: Uint8Array): Promise<UploadAnswer> {
    if (this.#going.get(id) !== upload) throw new ServingError("NotFound", "this copy has ended");
    if (offset !== upload.received || piece.length === 0 || offset + piece.length > upload.bytes) {
      throw new BadParameter("the piece does not follow what has come of the file", {
        expected: `at most ${upload.bytes - upload.received} bytes from ${upload.received} on`,
        found: `${piece.length} bytes from ${offset} on`,
        remedy: "begin again",
      });
    }
    clearTimeout(upload.timer);
    try {
      for (let written = 0; written < piece.length;) {
        written += await upload.file.write(piece.subarray(written));
      }
      upload.received += piece.length;
      if (upload.received < upload.bytes) {
        upload.timer = setTimeout(() => this.cancel(id), patience);
        return { received: upload.received };
      }
      await upload.file.sync();
      return { received: upload.received, path: await this.#finish(id, upload) };
    } catch (cause) {
      this.cancel(id);
      throw cause instanceof ServingError ? cause : fromSystemError(cause, upload.partial, "write");
    }
  }

  /** Reserves the name, which fails where something has got it meanwhile, and puts the file in its place. */
  async #finish(id: string, upload: Upload): Promise<string> {
    const { folder, name, partial } = upload, path = join(folder, name);
    // The folder may have become a link that leads elsewhere.
    if (!this.roots.contains(await Deno.realPath(folder))) throw taken(folder, name);
    try {
      (await Deno.open(path, { write: true, createNew: true })).close();
    } catch (cause) {
      throw cause instanceof Deno.errors.AlreadyExists ? taken(folder, name) : cause;
    }
    this.#forget(id, upload);
    await Deno.rename(partial, path);
    return path;
  }

  #forget(id: string, { timer, file }: Upload): void {
    clearTimeout(timer);
    this.#going.delete(id);
    file.close();
  }
}

async function isThere(path: string): Promise<boolean> {
  try {
    await Deno.lstat(path);
    return true;
  } catch (cause) {
    if (cause instanceof Deno.errors.NotFound) return false;
    throw fromSystemError(cause, path, "read");
  }
}

function taken(folder: string, name: string): ServingError {
  return new ServingError("Refused", `${join(folder, name)} is there already`, {
    file: join(folder, name),
    remedy: "open that one, or give the file another name",
  });
}
