/** Addresses in the memory of the kernels: numbers that no count or size is taken for. */

declare const brand: unique symbol;

/** Address of a byte in the memory of the kernels. It counts as a number, but no other number counts as an address. */
export type Address = number & { readonly [brand]: "address" };

/** Where nothing is: what kernels take in place of memory that they are to do without. */
export const nowhere = 0 as Address;

/** The address a number of bytes further, which may be negative. */
export function at(address: Address, bytes: number): Address {
  return address + bytes as Address;
}

/** Bytes in whole lines of the cache, as the arena hands memory out. */
export function wholeLines(bytes: number): number {
  return 64 * Math.ceil(bytes / 64);
}
