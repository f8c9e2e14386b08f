/** Frames that the Zstandard library of Python (zstandard 0.25, libzstd 1.5) made, and what they hold. */

import { Buffer } from "node:buffer";

/** A frame and its bytes. */
export interface KnownFrame {
  readonly name: string;
  readonly frame: Uint8Array;
  readonly bytes: Uint8Array;
}

/** Pseudo-random numbers that are easily made in any language. */
function* noise(seed: number): Generator<number, never> {
  for (let value = seed;;) {
    value = Number(BigInt.asUintN(31, BigInt(value) * 1103515245n + 12345n));
    yield value >> 8;
  }
}

/** Counts of 16 bits, most of them zero. */
function counts(length: number): Uint8Array {
  const random = noise(1);
  return Uint8Array.from({ length }, (_, i) => {
    const value = random.next().value;
    return value % 5 === 0 && i % 2 === 0 ? (value >> 4) % 7 : 0;
  });
}

const vocabulary = ["diffraction", "pattern", "probe", "grain", "of the", "crystal", " "];

function words(length: number): Uint8Array {
  const random = noise(2);
  let text = "";
  while (text.length < length) text += `${vocabulary[random.next().value % vocabulary.length]} `;
  return new TextEncoder().encode(text.slice(0, length));
}

/** Kind, level and length of what was packed, and the frame. Those of level 3 have no checksum, those of level 9 no size. */
const packed = [
  [
    counts,
    1,
    2001,
    "KLUv/WTRBp0KAIIHC4UzIhGqrqmwnGdaSQ5spdiL2OlQIA7TxKwciWgP0BOMoSupwATl1FCjrlzQgMaoIFmGfQMAA5GZ4hwRQChKQebQDElSkCTDHPgn/pOSjtnCYqsJgD66F6dKV9lN4EcdrS/BOL5zkFTjQTn03DhTGfVOOquEmi7Aoz8DSbdJjxEOQn5mhtfYAfwIXx2p4EXb4nUPfG951WEzsb/K/YxlUYGa2kqWDar2oFC6rZl7W9CFkS9eOcbkG5TeA+t9j8NwK6RTBoiBwDWYQhCfUnQVCZEcaAH8lHoL+7DHOn1zsdS5GNwiKnky3GG8fWQI16oKU7VxBS4VC0xGhhSsHNS/DfZecMrRt/0QsGtHdnpjgb7rLdSjmQZpIN60ATXenRP5IRhgtAWBO94lqlmbxhoBQ7tQ8LN3loCT8EkfuPfZuFuMoTx15ly2CIeAJpMsKWIEErUou3Y=",
  ],
  [
    counts,
    3,
    2003,
    "KLUv/WDTBtUKADKGCYUhERH/P1bcUXFKcsaSiAhqy1iHlxAaDSNMkN6ZkaZf159/1ngfgM6oMFeGOQADERGybRGQGMkcYsqEpEkKaTf+oAWaKHthttAuNrBnmz7YFVea1YcHwfmhjhqWWESRQMhVKuZgOLTm/+/LjarIEWU6aVVLcXfSlvQbEHeFr2YFdqc2EvCyaKEEjDiT9bC4WEv4mOAmCdgMre2ecW6cML6P92IsD+ugWlxxcf2kWZiEcSu83tPRvXQ/RxzMFLrYK7979DhgqBr38A1eKOs5hkE0x5bwU/ZTA1GLaf0GygTsCo6LHLsMx6ZMKYuoEhfTZFcNYeu2F5JijUjreE5IJ1t7540xDmofbCqwrvIe8g+W5J4YXvxDAZ5tDMCe+3r/xC2q9YMa5yrxsEP02W4jGkOL25ot4qvOBnmyDoFoXZPabgDLc57NuaYTgNlDZng/tkKSIEW2QAI=",
  ],
  [
    counts,
    9,
    2009,
    "KLUv/QQIPQkA8oYKhSEREQWVsJxqoG0IoOZFyUx7Iqi4gWccOoMVKHStd6awXnmPd/35Z419eaDgmibLAXCCkam6ee4/pgGy2VhcB55DPJ96ThxJTqg0wbENVR+gpOy8Z7uNSM0qtBVPTCR86JCw8qIx0EknxUG8x7Libm2erfnwbIOJ82BY+9OvQ/O9a3xyKAdvzq0XucFW+eY55D7FW54bHoP4AMmT9cgs8JHu4K7XugQoQwqCY7NtoWR1/O0L9p+Mlwisdj6yK2X/k8VxDPvg6gVpyzswIyu6O9b+f95Q5Vq2kRe7ROlihFxmwOgUfRiwx+OVqZP77oENwjGpR/fRTdQn7d6dlos5M+RpoGiI8Yc0oMPOll7qj8s0YWl0p5nJBcJ8GEygP4E/ZDSUHzMui5g=",
  ],
  [
    counts,
    19,
    2019,
    "KLUv/WTjBo0IAHYQFIVBEhIOABIAFQCrfpRy+Y788z0OK/zlP1+eYoTvvAnBX+2Er09VGVcgAyXUYLbUNwCN7voFyBOQgVpSQDZi7q/xdT5sweUMwt/8O5mJUOYDT6AxlHNkApuCwhQOQMiITF11p5BbTbxkn3aYg9wxSoJKU2vYekCTWtT53fEbFo5IJJIv5BhMkp2URNl2LuOjnQ9nO96Lm85rOc/RaG4xn3PnvTtmZy/ZCN/GtcfrowNAxzr5cSxXfqB2a3K9L9/cuzXe1yThGJvffiX8R03ZUVt9E5Sz2CnL/Of/SGutZbYnajzEF0nRR3LyOg+T0XVCBF+f3JM719wlu48yvzuD3Q6Xta1LsQXamb3UCcZdNXTYxxo=",
  ],
  [
    words,
    1,
    2001,
    "KLUv/WTRBv0LAJQDcGF0dGVybiBkaWZmcmFjdGlvbiAgIG9mIHRoZWdyYWkgY3J5c3RhbHByb2IgICAgICBvZiB0aGUggNmosa8U2t8gQgahbgMRJEDMyQRpagqVPTYD1+/QvRtThpaDLqAsLftJwgBRIJHUKvxSNhBtpDubxPurXNlBdS9LZw3eMZHdCcz8PeyQ2viTIswHOC+dI6afERClnSnw8vFjJQGSWyMIX41VdmCLchRlICl6sQTT7+ka/1SoiFA6udLvzem6eWKtwqaI3nn6t0TeV8A2a9+vOgO7cZBtj/jmVawNldFhz7wpfoZyga5GQAmbrB81EbpdrKXFd1XRdWK4zmEiyuJax4X8b/eIFuRWmtUYSy0f8KZpP9bnEbFKUb6wRJuWcECCnk5c3P8Z2RQo1is9HFJ2G7DaKkEolDJsSfIozodCSsWSnOVGErd7c8rwRtGSTjYaxbt4z1MDQEr5SoHNaXP/QZYWleR0pB5zRLo0a6QSK2AO6oW8U2D+cnlV/OoCIQ==",
  ],
  [
    words,
    3,
    2003,
    "KLUv/WDTBuUKABQDcGF0dGVybiBkaWZmcmFjdGlvbiAgIG9mIHRoZWdyYWkgY3J5c3RhbHByb2IgICBwYYClqLGvFNrfIEKk1NV5EUgQzSAinVQiQ5IUps1AsKihpQuYBUgXHybI2RdFGa2tXEITgAc7o+aVumpFCnzIZZPBSZGzaH3qNQ2bDBdBQOhFqaYFcOlljYojOOcyXWxJdeO3ahgqAegJVlmFFC3wFqrY0gE3FmfuyoniX9QlPC7qm/4tGLfz4jGEn5Hvbopw74sNQ5woVLSox0h/lMrIxgyY2KZmFalnRKCD0We7nrNeKD3Dcsh3kz8K2Q5M25bvyJsuH/HHxEkXsnwIkSVgYAk7T6j5Z4H/D5AbImylDyPKa1Z8CYQZYQ3fEnfK6T4TlKF1Ihbmp7U3ZIBUxGUDjM3TjBqEDoAS9dSFKfa2v0h+RYU9dxGgJSLo9HRIlVCgDBaF7CnQ/FLgVQ==",
  ],
  [
    words,
    9,
    2009,
    "KLUv/QQIdQkAIoQME7Al6edIMpB98W5t70aKYVjIWEQfqZ3y//8/BYSlmAICHNtwIKIX+Y9Yx7DKhI/UTgl3qFFrkrS/ASBCghS76xE4DMUQgXLMEYOUG6OSYuaVCfSZu8NnojZg+8nerFhZZs4s7oBcHSWrKRxOL8VRsucwhCkbse3wTxO3rK839NoKHs6VWOT2zeEaV7r5Hme4GiLhIRo3+9gH6yqqfB6uMB/1tz9mUGOMDVXL2+c3/usdO7+DrOYx2yYjRRSbz51nywegzMhMKmbknquHtwCTzErfJ4D7R9okVG8ONuaADiGh0Pul/DdLAoES7ZSpLG6MsQ5CBvrz9PFSQoEMyjM0zwFIZWz6RuBV5IeBjLRk5Qhf25dvOAeGB4lRURciYQgTwEDUItEUYPyyLVUZyn8f",
  ],
  [
    words,
    19,
    2019,
    "KLUv/WTjBvUIAIIDCxHAtxhmsttkVqhFuvn/S9c8Af//v4HUU2pR0jCWDiP75W8SN5Teodio7dYJeKhhX5K0vwEgRGCQYncbESAIAQMSEKFGjBWIqDEtKtQa3KYq0xpuGX+fqtleGF2spnvktPCgiv6aDmfx8OfI51IIM32VFRUmPM4flb1GwX+TxVgvUOOzKfe/cB5cKmLOIc2NNspgpBQBPuiKEck+SXwnqo2pEti2vyHGjmIxh5WrzObknghub+6Eu3wAxJyJ1gsi8nBoi0ye1fhWBj4/nGmuKgf6tO0tBIaKL/d/lkoM/TglqixOY78HYQN9/I+RsoMMhlWOHeip3Cb6cN7LmwE0uJlKQbGT4bXooHB+JCiieCL0qh48Q2lTkP2SnVW5QlPi",
  ],
] as const;

/** The frames. */
export const knownFrames: readonly KnownFrame[] = packed.map(([make, level, length, text]) => ({
  name: `${make.name} at level ${level}`,
  frame: new Uint8Array(Buffer.from(text, "base64")),
  bytes: make(length),
}));
