/** Where a data set really lies: links lead to other places, and to other files. */

import { expectLayout, OddLayout } from "./bytes.ts";
import { Hdf5File } from "./file.ts";
import { isFile, linkedPath } from "./linked_files.ts";

/** An object of an HDF5 file. */
export interface ObjectPlace {
  /** Path of the file. */
  readonly file: string;
  /** Address of the object header. */
  readonly address: number;
}

/** Links that lead from one to the next; hostile files have cycles. */
const mostLinks = 16;

/**
 * Follows the links on the way to the object at a path.
 *
 * @throws {OddLayout} when the way cannot be followed
 * @throws {CorruptFile} when a file on the way cannot be opened
 */
export async function locateObject(file: Hdf5File, path: string, links = mostLinks): Promise<ObjectPlace> {
  expectLayout(links > 0, "links that lead nowhere");
  const { module } = file.library;
  const names = path.split("/").filter((name) => name !== "" && name !== ".");
  for (let count = 1; count <= names.length; count++) {
    const place = "/" + names.slice(0, count).join("/"), rest = names.slice(count).join("/");
    const parent = "/" + names.slice(0, count - 1).join("/");
    const soft: string | null = file.guard(path, () => module.get_symbolic_link(file.root.file_id, place));
    if (soft !== null) {
      return await locateObject(
        file,
        `${soft.startsWith("/") ? soft : `${parent}/${soft}`}/${rest}`,
        links - 1,
      );
    }
    const external = file.guard(path, () => module.get_external_link(file.root.file_id, place));
    if (external.filename) {
      const other = linkedPath(file.path, external.filename);
      // HDF5 would look elsewhere.
      if (!isFile(other)) throw new OddLayout("a linked file that is not beside the file");
      const linked = await Hdf5File.open(other);
      try {
        return await locateObject(linked, `${external.obj_path}/${rest}`, links - 1);
      } finally {
        linked.close();
      }
    }
  }
  return { file: file.path, address: addressOf(file, "/" + names.join("/")) };
}

/** The address of an object header, which is what an object reference holds. */
function addressOf(file: Hdf5File, path: string): number {
  const reference = file.guard(
    path,
    () => file.library.module.create_object_reference(file.root.file_id, path),
  );
  const address = new DataView(Uint8Array.from(reference).buffer).getBigUint64(0, true);
  expectLayout(address <= BigInt(Number.MAX_SAFE_INTEGER), "an object without an address");
  return Number(address);
}
