/**
 * Writes an Arina-like scan for measuring: a Dectris master `scan_master.h5` with data files of 1024 patterns, 16-bit
 * counts in bitshuffle-LZ4, and `scan.h5` with the scan's shape. Simulated patterns (patterns.ts), repeated.
 *
 *     deno run -A bench/arina.ts FOLDER [ROWS]        rows of 256 probes; 128, which are 2.4 GB unpacked, by default
 */

import { type Hdf5, loadHdf5 } from "../library/formats/hdf5/library.ts";
import { columns as simulatedColumns, pixels, side, simulatedRows } from "./patterns.ts";

/** Patterns of a scan row. */
const columns = 256;
/** Scan rows in each data file. */
const fileRows = 4;
/** Simulated rows that are repeated. */
const distinctRows = 8;

/**
 * Writes the files of a scan of `rows` rows into a folder.
 *
 * @returns path of the master
 */
export async function writeArina(folder: string, rows: number): Promise<string> {
  const library = await loadHdf5();
  const patterns = repeatedColumns(simulatedRows(distinctRows));
  const names: string[] = [];
  for (let row = 0; row < rows; row += fileRows) {
    const count = Math.min(fileRows, rows - row);
    const name = `scan_data_${String(names.length + 1).padStart(6, "0")}.h5`;
    const start = (row % distinctRows) * columns * pixels;
    writeFile(library, `${folder}/${name}`, (file) => {
      file.create_group("entry").create_group("data").create_dataset({
        name: "data",
        data: patterns.subarray(start, start + count * columns * pixels),
        shape: [count * columns, side, side],
        chunks: [1, side, side],
        compression: 32008,
        compression_opts: [0, 2],
      });
    });
    names.push(name);
  }
  writeFile(library, `${folder}/scan.h5`, (file) => {
    const group = file.create_group("STEM Metadata");
    group.create_attribute("NumPixelsX", columns, null, "<i");
    group.create_attribute("NumPixelsY", rows, null, "<i");
  });
  const master = `${folder}/scan_master.h5`;
  writeFile(library, master, (file) => {
    const entry = file.create_group("entry");
    const data = entry.create_group("data");
    for (const name of names) {
      data.create_external_link(name, "entry/data/data", name.replace(/^scan_(.+)\.h5$/, "$1"));
    }
    const detector = entry.create_group("instrument").create_group("detector").create_group(
      "detectorSpecific",
    );
    detector.create_dataset({ name: "nimages", data: 1, dtype: "<i" });
    detector.create_dataset({ name: "ntrigger", data: rows * columns, dtype: "<i" });
  });
  return master;
}

/** Rows of {@link columns} patterns, filled by repeating the simulated ones. */
function repeatedColumns(simulated: Uint16Array): Uint16Array {
  const rowPixels = simulatedColumns * pixels;
  const repeats = columns / simulatedColumns;
  const repeated = new Uint16Array(simulated.length * repeats);
  for (let row = 0; row < distinctRows; row++) {
    const source = simulated.subarray(row * rowPixels, (row + 1) * rowPixels);
    for (let repeat = 0; repeat < repeats; repeat++) {
      repeated.set(source, (row * repeats + repeat) * rowPixels);
    }
  }
  return repeated;
}

function writeFile(
  { File }: Hdf5,
  path: string,
  build: (file: InstanceType<Hdf5["File"]>) => void,
): void {
  const file = new File(path, "w");
  try {
    build(file);
  } finally {
    file.close();
  }
}

if (import.meta.main) {
  const [folder, rows = "128"] = Deno.args;
  if (folder === undefined || !(Number(rows) > 0 && Number(rows) % fileRows === 0)) {
    console.error(`usage: deno run -A bench/arina.ts FOLDER [ROWS, a multiple of ${fileRows}]`);
    Deno.exit(2);
  }
  await Deno.mkdir(folder, { recursive: true });
  console.log(await writeArina(folder, Number(rows)));
}
