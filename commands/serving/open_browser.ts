/** Shows an address in the user's browser. */

/** The program of an operating system that opens addresses, with its first arguments. */
const openers: Partial<Record<typeof Deno.build.os, readonly string[]>> = {
  darwin: ["open"],
  windows: ["rundll32", "url.dll,FileProtocolHandler"],
};

/**
 * Opens an address in the usual browser, which lives on by itself.
 *
 * @param failed called when no browser could be started; may be never, as some openers run for as long as the browser
 */
export async function openBrowser(address: string, failed: () => void): Promise<void> {
  const [program, ...args] = openers[Deno.build.os] ?? ["xdg-open"];
  try {
    const child = new Deno.Command(program, {
      args: [...args, address],
      stdin: "null",
      stdout: "null",
      stderr: "null",
    }).spawn();
    child.unref();
    if (!(await child.status).success) failed();
  } catch {
    // Absent, or not permitted.
    failed();
  }
}
