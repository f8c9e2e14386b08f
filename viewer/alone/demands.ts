/** What the page needs of a browser. */

/** What this browser has not got, in words; nothing where all is there. */
export function missingInBrowser(): string[] {
  const demands: readonly (readonly [string, () => boolean])[] = [
    ["shared WebAssembly memory", givesSharedMemory],
    ["Promise.withResolvers", () => "withResolvers" in Promise],
    ["AbortSignal.any", () => "any" in AbortSignal],
    ["DecompressionStream", () => "DecompressionStream" in globalThis],
    ["WebGL2", () => "WebGL2RenderingContext" in globalThis],
  ];
  return demands.filter(([, has]) => !has()).map(([name]) => name);
}

/** One thread may have it anywhere; several share it only in pages that are served with headers of their own. */
function givesSharedMemory(): boolean {
  try {
    new WebAssembly.Memory({ initial: 1, maximum: 1, shared: true });
    return true;
  } catch {
    return false;
  }
}
