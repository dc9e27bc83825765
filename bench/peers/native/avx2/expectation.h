// One fused pass: log densities, softmax, statistics and log-likelihood, block by block.
#pragma once
#include <math.h>
#include "general.h"
#include "small.h"

/** The base-2 log-likelihood so far: maxima, exponents, and a product of sums whose logarithm is still to be taken. */
typedef struct {
  v4 maxima, product;
  __m256i exponents;
} likelihood_t;

static inline void softmax(const mixture_t *m) {
  for (long k = 0; k < m->k; k++)
    for (long n = 0; n < BLOCK; n += 4) {
      double *logit = m->logit + k * BLOCK + n;
      const v4 p = exp2_v4(sub(load(logit), load(m->maximum + n)));
      store(logit, p);
      store(m->sum + n, k == 0 ? p : add(load(m->sum + n), p));
    }
  for (long n = 0; n < BLOCK; n += 4) store(m->ratio + n, _mm256_div_pd(splat(1), load(m->sum + n)));
}

/** Sums are in [1, K]: eight of them are multiplied before the exponent is taken out, which holds for K up to 2^127. */
static inline void add_likelihood(const mixture_t *m, likelihood_t *l) {
  const v4 mantissa = _mm256_castsi256_pd(_mm256_set1_epi64x(0x000fffffffffffff));
  for (long n = 0; n < BLOCK; n += 32)
    for (long i = 0; i < 32; i += 4) {
      l->maxima = add(l->maxima, load(m->maximum + n + i));
      l->product = mul(l->product, load(m->sum + n + i));
      if (i < 28) continue;
      const __m256i exponent = _mm256_srli_epi64(_mm256_castpd_si256(l->product), 52);
      l->exponents = _mm256_add_epi64(l->exponents, _mm256_sub_epi64(exponent, _mm256_set1_epi64x(1023)));
      l->product = _mm256_or_pd(_mm256_and_pd(l->product, mantissa), splat(1));
    }
}

static inline double log_likelihood(const likelihood_t *l) {
  double base2 = sum_v4(l->maxima);
  for (int i = 0; i < 4; i++) base2 += (double)((long long *)&l->exponents)[i] + log2(((double *)&l->product)[i]);
  return base2 * M_LN2;
}

/** The E-step; statistics go to `total`. */
static double expectation(const mixture_t *m) {
  likelihood_t l = {splat(0), splat(1), _mm256_setzero_si256()};
  for (long i = 0; i < 4 * m->k * m->statistics; i++) m->total[i] = 0;
  for (long b = 0; b < m->blocks; b++) {
    const double *x = m->x + b * BLOCK * m->width;
    const long rest = m->n - b * BLOCK;
    switch (m->d) {
      case 1: small_logits(m, x, 1); break;
      case 2: small_logits(m, x, 2); break;
      case 3: small_logits(m, x, 3); break;
      case 4: small_logits(m, x, 4); break;
      default: general_logits(m, x);
    }
    softmax(m);
    // What fills up the last block counts nothing.
    for (long n = rest; n < BLOCK; n++) m->maximum[n] = m->ratio[n] = 0, m->sum[n] = 1;
    add_likelihood(m, &l);
    switch (m->d) {
      case 1: small_statistics(m, x, 1); break;
      case 2: small_statistics(m, x, 2); break;
      case 3: small_statistics(m, x, 3); break;
      case 4: small_statistics(m, x, 4); break;
      default: general_statistics(m, x);
    }
  }
  return log_likelihood(&l);
}
