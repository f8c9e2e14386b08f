/** EMPAD files: raw frames, and the XML files of two versions of its software. */

/** Rows and columns of the scan. */
export const empadRows = 2, empadColumns = 3;
const rows = empadRows, columns = empadColumns;

/** Frames of 130 x 128 numbers that count up; the last two rows of each are NaN. */
export async function writeRaw(path: string, frames = rows * columns): Promise<Float32Array> {
  const all = new Float32Array(frames * 130 * 128).fill(NaN), kept = new Float32Array(frames * 128 * 128);
  for (let i = 0; i < kept.length; i++) kept[i] = i / 4;
  for (let frame = 0; frame < frames; frame++) {
    all.set(kept.subarray(frame * 16384, (frame + 1) * 16384), frame * 16640);
  }
  await Deno.writeFile(path, new Uint8Array(all.buffer));
  return kept;
}

/** What version 0.51 writes, shortened. */
export function oldXml(raw: string): string {
  return `<root name="a"><software_version>0.51 211118</software_version><type>scan</type><pix_x>${columns}</pix_x>` +
    `<pix_y>${rows}</pix_y><raw_file filename="${raw}"/><camserver_parameters><x>9</x></camserver_parameters>` +
    `<iom_measurements><optics.get_cameralength>0.7225</optics.get_cameralength>` +
    `<source.get_voltage>300000.0</source.get_voltage><optics.get_full_scan_field_of_view>[3e-08, 4e-08]` +
    `</optics.get_full_scan_field_of_view><calibrated_diffraction_angle>0.0005</calibrated_diffraction_angle>` +
    `<calibrated_pixelsize>1.5e-10</calibrated_pixelsize></iom_measurements></root>`;
}

/** What version 1.2.2 writes, shortened. */
export function newXml(raw: string): string {
  return `<root name="a"><software_version>1.2.2</software_version><raw_file filename="${raw}"/>` +
    `<camserver_parameters><x>9</x></camserver_parameters><iom_measurements><full_scan_field_of_view>` +
    `<scale_factor>0.5</scale_factor><x>6e-08</x><y>6e-08</y></full_scan_field_of_view>` +
    `<nominal_camera_length>0.369</nominal_camera_length><high_voltage>200000.0</high_voltage></iom_measurements></root>`;
}
