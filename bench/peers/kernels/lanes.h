// What the C kernels share: four floats or two doubles in a register, loads, and indices at borders.
//
// The kernels of assembly/ in C, for bench/peers/kernels.ts: what the same loops reach with a C compiler at the same
// vector width (-O3 -msse4.1 -ffp-contract=off), on one thread. Blocked like the kernels where that pays. Integer loops
// are left to the vectoriser, which finds the instruction that multiplies and adds pairs; where it does not, samples.c
// and clean.c have intrinsics. Sums of floats it must not reorder, so those are written on vectors, a language extension
// of gcc and clang.
//
// Layouts are those of assembly/, whose comments state them; detector pixels are 16-bit counts unless a name says
// otherwise. Numbers of pixels and widths of patterns are multiples of 16: kernels.ts measures no others, and the
// kernels of assembly/, which take any, spend no time on tails then.

#pragma once

#include <math.h>
#include <stdint.h>
#include <string.h>

typedef float Floats __attribute__((vector_size(16), aligned(4), may_alias));
typedef double Doubles __attribute__((vector_size(16), aligned(8), may_alias));
typedef int32_t Integers __attribute__((vector_size(16), aligned(4), may_alias));
typedef double FourDoubles __attribute__((vector_size(32), aligned(8), may_alias));

static inline Floats load(const float *at) { return *(const Floats *)at; }
static inline void store(float *at, Floats values) { *(Floats *)at = values; }

static inline Floats load_counts(const uint16_t *at) {
  return __builtin_convertvector((Integers){at[0], at[1], at[2], at[3]}, Floats);
}

// Conversions go by way of four doubles, which compilers split well.
static inline Doubles low(Floats x) {
  const FourDoubles wide = __builtin_convertvector(x, FourDoubles);
  return __builtin_shufflevector(wide, wide, 0, 1);
}

static inline Doubles high(Floats x) {
  const FourDoubles wide = __builtin_convertvector(x, FourDoubles);
  return __builtin_shufflevector(wide, wide, 2, 3);
}

static inline Floats narrow(Doubles a, Doubles b) {
  return __builtin_convertvector((FourDoubles)__builtin_shufflevector(a, b, 0, 1, 2, 3), Floats);
}

static inline double sum_doubles(Doubles x) { return x[0] + x[1]; }
static inline double sum_floats(Floats x) { return sum_doubles(low(x) + high(x)); }

static inline int clamp(int index, int last) { return index < 0 ? 0 : index > last ? last : index; }

static inline int reflect(int index, int size) {
  int i = index % (2 * size);
  if (i < 0) i += 2 * size;
  return i < size ? i : 2 * size - 1 - i;
}
