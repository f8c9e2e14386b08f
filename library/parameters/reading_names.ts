/** What the parameters of reading a file are called in a form, by their flags. */

/** In the order in which a form shows them. */
export const readingNames: Readonly<Record<string, string>> = {
  "--dataset": "Data set",
  "--frames": "Frame",
  "--scan-shape": "Scan shape",
  "--flyback": "Flyback patterns per line",
  "--skip-frames": "Patterns before the scan",
  "--pixel-size": "Distance of probes",
  "--q-pixel-size": "Size of a detector pixel",
  "--bad-pixels": "Bad pixels",
  "--scan-order": "Order of lines",
  "--swap-scan-axes": "Scan axes swapped",
  "--detector-flip": "Reversed detector axes",
  "--detector-transpose": "Detector transposed",
  "--scan-rotation": "Scan rotation in degrees",
  "--roi": "Part of the scan",
  "--q-bin": "Detector pixels summed",
  "--follow-links": "Follow links out of the folder",
  "--dtype": "Type of raw numbers",
  "--shape": "Lengths of raw numbers",
  "--offset": "Bytes before the first pattern",
  "--frame-header": "Bytes before each pattern",
  "--frame-footer": "Bytes after each pattern",
  "--byte-order": "Byte order",
};
