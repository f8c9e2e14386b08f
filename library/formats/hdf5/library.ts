/** The HDF5 library (h5wasm) with its decompression plugins, loaded once per thread: for writing, and for rare packing. */

import type H5wasm from "h5wasm/node";
import { fileURLToPath } from "node:url";
import { inTemporaryFolder } from "../temporary_file.ts";

/** The emscripten module below h5wasm: raw memory and the thin layer over the C library. */
export type Hdf5Module = Awaited<typeof H5wasm.ready>;

/** What {@link loadHdf5} gives: h5wasm's classes and the module they work on. */
export interface Hdf5 {
  readonly module: Hdf5Module;
  readonly File: typeof H5wasm.File;
  readonly Group: typeof H5wasm.Group;
  readonly Dataset: typeof H5wasm.Dataset;
  /** Where the plugins lie. */
  readonly pluginFolder: string;
}

let loading: Promise<Hdf5> | undefined;

/**
 * Loads HDF5 for reading and writing real files. Works in the main thread and in workers (each has its own copy),
 * from Deno's npm cache, from `node_modules`, and inside a compiled executable.
 */
export function loadHdf5(): Promise<Hdf5> {
  return loading ??= load();
}

async function load(): Promise<Hdf5> {
  const { h5wasm, pluginPackage } = await import("./packages.ts");
  const module = await h5wasm.ready;
  // Without it a failed read returns uninitialised memory.
  module.activate_throwing_error_handler();
  // Only plugins of the build for WebAssembly can be loaded: HDF5_PLUGIN_PATH names those of the machine.
  for (let index = module.get_plugin_search_paths().length - 1; index >= 0; index--) {
    module.remove_plugin_search_path(index);
  }
  const folder = pluginFolder(pluginPackage);
  module.insert_plugin_search_path(folder, 0);
  return { module, File: h5wasm.File, Group: h5wasm.Group, Dataset: h5wasm.Dataset, pluginFolder: folder };
}

/** Temporary files of the throwing error handler. */
const errorReport = /\/tmpfile_\w+$/;

/** The part of emscripten's file system that h5wasm's types leave out. */
interface FileStreams {
  readonly streams: readonly ({ readonly path: string } | undefined)[];
  close(stream: unknown): void;
}

/**
 * Writes out what HDF5 still holds and closes a file for good. When its last writes fail, as on a full disk, HDF5
 * keeps the file open for another try that will never come; the system's handle is closed all the same. So are the
 * temporary files in which the throwing error handler collects its reports and which it forgets.
 */
export function closeHdf5File(
  module: Hdf5Module,
  file: { flush(): unknown; close(): unknown },
  path: string,
): void {
  try {
    file.flush();
  } finally {
    try {
      file.close();
    } finally {
      closeLeftOpen(module, path);
    }
  }
}

/** Closes the system's handles of a file that HDF5 gave up, and of its reports about that. */
export function closeLeftOpen(module: Hdf5Module, path: string): void {
  const { FS } = module as unknown as { FS: FileStreams };
  for (const stream of FS.streams) {
    if (stream && (stream.path === path || errorReport.test(stream.path))) FS.close(stream);
  }
}

/** Folder of the plugins on the real disk. */
function pluginFolder(pluginPackage: string): string {
  const packaged = fileURLToPath(`${pluginPackage}/plugins`);
  if (!Deno.build.standalone) return packaged;
  // HDF5 lists its plugin folder, and the files inside a compiled executable can be opened but not listed that way.
  const folder = inTemporaryFolder(() => Deno.makeTempDirSync({ prefix: "crystallite-plugins-" }));
  for (const { name } of Deno.readDirSync(packaged)) {
    Deno.writeFileSync(`${folder}/${name}`, Deno.readFileSync(`${packaged}/${name}`));
  }
  globalThis.addEventListener("unload", () => Deno.removeSync(folder, { recursive: true }));
  return folder;
}
