/** Python scripts of this folder, as processes of their own. */

/**
 * What a script prints as its last line, as JSON; `undefined` where the Python has no such module.
 *
 * @param input written to a file that the script gets the path of
 * @param threads that numerical libraries may take; default as many as they like
 */
export async function runPython(
  python: string,
  script: string,
  module: string,
  input: unknown,
  threads?: number,
): Promise<unknown> {
  if (!await knows(python, module)) return undefined;
  const file = await Deno.makeTempFile({ suffix: ".json" });
  try {
    Deno.writeTextFileSync(file, JSON.stringify(input));
    const path = decodeURIComponent(new URL(script, import.meta.url).pathname);
    const names = ["OPENBLAS", "OMP", "MKL", "NUMBA"].map((name) => `${name}_NUM_THREADS`);
    const { success, stdout, stderr } = await new Deno.Command(python, {
      args: ["-I", "-B", path, file],
      env: threads === undefined ? {} : Object.fromEntries(names.map((name) => [name, String(threads)])),
    }).output();
    const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes).trim();
    if (!success) throw new Error(`${script} failed:\n${text(stderr)}`);
    return JSON.parse(text(stdout).split("\n").at(-1)!);
  } finally {
    await Deno.remove(file);
  }
}

/** Whether there is such a Python, and it has the module. */
async function knows(python: string, module: string): Promise<boolean> {
  try {
    const command = new Deno.Command(python, { args: ["-I", "-c", `import ${module}`], stderr: "null" });
    return (await command.output()).success;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}
