/** Simulators that are Python programs beside the project: whether they can run, and scans that they make. */

import { openScan } from "crystallite";
import { readLabelFile } from "../../library/formats/label_file.ts";
import { Subject } from "./methods.ts";

/** Whether a file is there. */
export function exists(path: string): boolean {
  try {
    Deno.statSync(path);
    return true;
  } catch (cause) {
    if (cause instanceof Deno.errors.NotFound) return false;
    throw cause;
  }
}

/** Whether a Python can import modules, such as `numpy, scipy`. */
export function hasModules(python: string, modules: string): boolean {
  try {
    return new Deno.Command(python, { args: ["-c", `import ${modules}`], stderr: "null" }).outputSync()
      .success;
  } catch (cause) {
    if (cause instanceof Deno.errors.NotFound) return false;
    throw cause;
  }
}

/** Runs a simulator, which writes `<out>.npy` and `<out>_truth.npz`, and opens what it made. */
export async function simulated(python: string, args: readonly string[], out: string): Promise<Subject> {
  const { success, stderr } = await new Deno.Command(python, { args: [...args], stdout: "null" }).output();
  if (!success) throw new Error(new TextDecoder().decode(stderr));
  const { labels, purity } = await readLabelFile(`${out}_truth.npz`);
  return new Subject(await openScan(`${out}.npy`), labels, purity);
}
