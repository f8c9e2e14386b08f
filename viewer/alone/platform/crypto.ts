/** Random numbers, also where a page comes by plain HTTP from another computer: browsers then give no `randomUUID`. */

/** Stands in for `crypto`, as far as it is used. */
export const crypto = {
  getRandomValues: (into: Uint8Array<ArrayBuffer>) => globalThis.crypto.getRandomValues(into),
  /** A random identifier (RFC 9562, version 4). */
  randomUUID(): string {
    const bytes = crypto.getRandomValues(new Uint8Array(16));
    bytes[6] = bytes[6] & 0x0f | 0x40;
    bytes[8] = bytes[8] & 0x3f | 0x80;
    const text = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
    return text.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
  },
};
