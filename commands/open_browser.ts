/** Shows an address in the user's browser. */

/** The program of an operating system that opens addresses, with its first arguments. */
const openers: Partial<Record<typeof Deno.build.os, readonly string[]>> = {
  darwin: ["open"],
  windows: ["rundll32", "url.dll,FileProtocolHandler"],
};

/**
 * Opens an address in the usual browser.
 *
 * @returns whether the browser could be started
 */
export async function openBrowser(address: string): Promise<boolean> {
  const [program, ...args] = openers[Deno.build.os] ?? ["xdg-open"];
  try {
    const { success } = await new Deno.Command(program, {
      args: [...args, address],
      stdin: "null",
      stdout: "null",
      stderr: "null",
    }).spawn().status;
    return success;
  } catch {
    // Absent, or not permitted: the user is told the address either way.
    return false;
  }
}
