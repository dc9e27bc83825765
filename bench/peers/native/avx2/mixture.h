// The sizes and buffers that the parts of the kernel share.
#pragma once
#include "vector.h"

/** Rows a block; a multiple of the 12 of a strip. */
#define BLOCK 96

typedef struct {
  long n, d, k;
  /** Columns, padded with zeros to a multiple of 4 where they are more than 4. */
  long width;
  long blocks;
  /** Blocks of `width` x BLOCK centred values, and the origin that was subtracted. */
  double *x, *origin;
  /** Parameters: K weights, K x width means about the origin, K x D x D covariances. */
  double *weight, *mean, *covariance;
  /** For E-steps: base-2 log constants; inverse Cholesky factors times sqrt(log2(e) / 2), packed as they are read. */
  double *constant, *whitening;
  /** Block by block: K x BLOCK logits, and BLOCK maxima, sums and ratios; deviations and weighted deviations. */
  double *logit, *maximum, *sum, *ratio, *deviation, *weighted;
  /** K x `statistics` sums in 4 lanes each: weight, sums of deviations, lower triangle of outer products by rows. */
  double *total;
  long statistics;
} mixture_t;

static inline long triangle(long i) { return i * (i + 1) / 2; }
