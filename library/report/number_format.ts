/** Numbers as people read them in the report: thin spaces between thousands, a true minus, units. */

/** A number with at most `digits` significant digits; thousands parted by narrow spaces. */
export function formatNumber(value: number, digits = 4): string {
  if (!Number.isFinite(value)) return "—";
  const rounded = Number(value.toPrecision(digits));
  const size = Math.abs(rounded);
  if (rounded !== 0 && (size < 1e-4 || size >= 1e15)) {
    const exponent = Math.floor(Math.log10(size));
    const mantissa = Number((rounded / 10 ** exponent).toPrecision(digits));
    return `${signed(String(mantissa))} × 10${superscript(exponent)}`;
  }
  const [whole, fraction] = String(rounded).split(".");
  return signed(groupThousands(whole) + (fraction ? `.${fraction}` : ""));
}

/** A whole number, all its digits. */
export function formatCount(value: number): string {
  return signed(groupThousands(String(Math.round(value))));
}

/** A number with exactly `decimals` digits after the point. */
export function formatFixed(value: number, decimals: number): string {
  if (!Number.isFinite(value)) return "—";
  const [whole, fraction] = value.toFixed(decimals).split(".");
  return signed(groupThousands(whole) + (fraction ? `.${fraction}` : ""));
}

/** Bytes in decimal units: `170 MB`. */
export function formatBytes(bytes: number): string {
  const units = ["bytes", "kB", "MB", "GB", "TB", "PB"];
  let step = 0, value = bytes;
  while (step < units.length - 1 && Math.round(value) >= 1000) {
    value /= 1000;
    step++;
  }
  return `${step === 0 ? formatCount(value) : formatNumber(value, 3)} ${units[step]}`;
}

/** A duration: `0.42 s`, `12 s`, `3 min 5 s`, `2 h 4 min`. */
export function formatSeconds(seconds: number): string {
  if (seconds < 10) return `${formatFixed(seconds, 2)} s`;
  const whole = Math.round(seconds);
  if (whole < 60) return `${whole} s`;
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${whole % 60} s`;
  return `${formatCount(Math.floor(whole / 3600))} h ${Math.floor(whole % 3600 / 60)} min`;
}

/** A share as a percentage with one digit where it is small or nearly all. */
export function formatPercent(share: number): string {
  const percent = share * 100;
  const decimals = percent === 0 || percent === 100 || (percent >= 10 && percent <= 99) ? 0 : 1;
  return `${formatFixed(percent, decimals)} %`;
}

function groupThousands(digits: string): string {
  return digits.replace(/\B(?=(\d{3})+$)/g, "\u202f");
}

function signed(text: string): string {
  return text.replace("-", "−");
}

function superscript(exponent: number): string {
  return [...String(exponent)].map((character) => "⁻⁰¹²³⁴⁵⁶⁷⁸⁹"["-0123456789".indexOf(character)]).join("");
}
