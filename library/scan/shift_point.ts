/** Powers of ten as people shift the decimal point. */

/**
 * The number with its decimal point so many digits further right. Multiplied and divided by 1000, one in thirty numbers does
 * not come back; shifted there and back, all of up to 15 digits do.
 */
export function shiftPoint(value: number, digits: number): number {
  const [significand, exponent = "0"] = String(value).split("e");
  return Number(`${significand}e${Number(exponent) + digits}`);
}
