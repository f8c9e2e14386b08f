/** The manual page for packages, as the program prints it. */

import { fileURLToPath } from "node:url";
import { writeText } from "./folders.ts";

/**
 * Writes the page that `man crystallite` shows.
 *
 * @param root folder of the project, where everything has been built
 * @param file where to
 * @throws Error with the program's words when it fails
 */
export async function writeManual(root: URL, file: URL): Promise<void> {
  const { success, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", "--quiet", "--no-check", "cli.ts", "manual"],
    cwd: fileURLToPath(root),
  }).output();
  const decoder = new TextDecoder();
  if (!success) throw new Error(`crystallite manual failed:\n${decoder.decode(stderr)}`);
  await writeText(file, decoder.decode(stdout));
}
