// Separable Gaussian blur of one pattern: symmetric taps, half-sample reflection.

#pragma once

#include "lanes.h"

// line: room for a line with its margins.
static void blur_along_row(const uint16_t *input, float *line, float *output, int width, const float *taps,
                           int radius) {
  float *middle = line + radius;
  for (int x = 0; x < width; x++) middle[x] = input[x];
  for (int x = 1; x <= radius; x++) {
    middle[-x] = input[reflect(-x, width)];
    middle[width - 1 + x] = input[reflect(width - 1 + x, width)];
  }
  for (int x = 0; x < width; x += 16) {
    const float *at = middle + x;
    Floats s0 = taps[0] * load(at), s1 = taps[0] * load(at + 4);
    Floats s2 = taps[0] * load(at + 8), s3 = taps[0] * load(at + 12);
    for (int k = 1; k <= radius; k++) {
      const float *left = at - k, *right = at + k;
      s0 += taps[k] * (load(left) + load(right));
      s1 += taps[k] * (load(left + 4) + load(right + 4));
      s2 += taps[k] * (load(left + 8) + load(right + 8));
      s3 += taps[k] * (load(left + 12) + load(right + 12));
    }
    store(output + x, s0), store(output + x + 4, s1), store(output + x + 8, s2), store(output + x + 12, s3);
  }
}

// Line y of the result; rows[k + radius] is the line that stands for y + k.
static void blur_along_columns(const float *const *rows, float *output, int width, const float *taps, int radius) {
  const float *const *here = rows + radius;
  for (int x = 0; x < width; x += 16) {
    Floats s0 = taps[0] * load(here[0] + x), s1 = taps[0] * load(here[0] + x + 4);
    Floats s2 = taps[0] * load(here[0] + x + 8), s3 = taps[0] * load(here[0] + x + 12);
    for (int k = 1; k <= radius; k++) {
      const float *up = here[-k] + x, *down = here[k] + x;
      s0 += taps[k] * (load(up) + load(down));
      s1 += taps[k] * (load(up + 4) + load(down + 4));
      s2 += taps[k] * (load(up + 8) + load(down + 8));
      s3 += taps[k] * (load(up + 12) + load(down + 12));
    }
    store(output + x, s0), store(output + x + 4, s1), store(output + x + 8, s2), store(output + x + 12, s3);
  }
}

// destination = source blurred. scratch: one pattern and one line with its margins.
static void blur(const uint16_t *source, float *destination, int height, int width, const float *taps, int radius,
                 float *scratch) {
  float *line = scratch + (size_t)height * width;
  for (int y = 0; y < height; y++) {
    blur_along_row(source + (size_t)y * width, line, scratch + (size_t)y * width, width, taps, radius);
  }
  const float *rows[2 * radius + 1];
  for (int y = 0; y < height; y++) {
    for (int k = -radius; k <= radius; k++) rows[radius + k] = scratch + (size_t)reflect(y + k, height) * width;
    blur_along_columns(rows, destination + (size_t)y * width, width, taps, radius);
  }
}
