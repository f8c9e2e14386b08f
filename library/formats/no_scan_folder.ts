/** A folder that is no scan: why not, and what to do. */

import { FileUnavailable } from "../scan/errors.ts";
import type { FileContext } from "./file_context.ts";
import { frameNames, isFrameName } from "./frame_names.ts";
import { listNames } from "./list_names.ts";

/** The error of such a folder; one of images says which of them is in the way. */
export function noScanFolder({ path, inside }: FileContext): FileUnavailable {
  const names = inside?.names() ?? [], images = names.filter(isFrameName), [first] = frameNames(names);
  if (names.includes("run.json")) return notAFile(path, "it is a result; name the scan that was clustered");
  if (names.includes("series.json")) return notAFile(path, "it is a series; name a scan that was clustered");
  if (images.length > 1 && first === undefined) return notAlike(path, images);
  if (images.length > 1) {
    return new FileUnavailable(`${path} is a folder, and ${first} in it is no single frame`, {
      file: path,
      expected: "TIFF files of one page, or npy files of two axes in C order",
      found: first,
      remedy: `name ${first} itself, which says what it is`,
    });
  }
  const pictures = names.filter((name) => /\.(png|jpe?g|bmp|gif)$/i.test(name));
  if (pictures.length > 1) {
    return new FileUnavailable(`${path} is a folder of pictures, whose pixels need not be counts`, {
      file: path,
      expected: "TIFF or npy files, one for each pattern",
      found: listNames(pictures.slice(0, 2)),
      remedy: "export the patterns again as TIFF files, uncompressed",
    });
  }
  return notAFile(
    path,
    "name a file in it; folders that are read hold one image for each pattern, or a Zarr store",
  );
}

function notAFile(path: string, remedy: string): FileUnavailable {
  return new FileUnavailable(`${path} is a folder, not a file`, { file: path, remedy });
}

/** Most are taken for the frames, and the others are named. */
function notAlike(path: string, images: readonly string[]): FileUnavailable {
  const groups = Map.groupBy(images, (name) => name.replace(/\d+/g, "0"));
  const [frames] = [...groups.values()].sort((one, other) => other.length - one.length);
  const others = images.filter((name) => !frames.includes(name));
  if (frames.length < 2 || !/\d/.test(frames[0])) {
    return new FileUnavailable(`${path} is a folder whose images are not numbered`, {
      file: path,
      expected: "names that differ in numbers only, such as frame_1.tif and frame_2.tif",
      found: listNames(images.slice(0, 2)),
      remedy: "name one of its files if that is the scan, or number the frames",
    });
  }
  return new FileUnavailable(`${path} is a folder that holds more than the frames of one scan`, {
    file: path,
    expected: `names that differ in numbers only, as those of ${frames[0]} and ${frames[1]}`,
    found: listNames(others),
    remedy: "move what is no frame of the scan to another folder",
  });
}
