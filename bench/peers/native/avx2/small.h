// Up to 4 columns, unrolled: parameters stay in registers, deviations are computed twice and never stored.
#pragma once
#include "mixture.h"

#define MOST_UNROLLED 4

static inline __attribute__((always_inline)) void small_logits(const mixture_t *m, const double *x, const int d) {
  for (long k = 0; k < m->k; k++) {
    const double *mean = m->mean + k * d, *whitening = m->whitening + k * triangle(d);
    double *logit = m->logit + k * BLOCK;
    v4 mu[MOST_UNROLLED], w[MOST_UNROLLED * (MOST_UNROLLED + 1) / 2];
    for (int i = 0; i < d; i++) mu[i] = splat(mean[i]);
    for (int i = 0; i < triangle(d); i++) w[i] = splat(whitening[i]);
    const v4 constant = splat(m->constant[k]);
    for (long n = 0; n < BLOCK; n += 4) {
      v4 z[MOST_UNROLLED], logarithm = constant;
      for (int i = 0; i < d; i++) z[i] = sub(load(x + i * BLOCK + n), mu[i]);
      for (int i = 0; i < d; i++) {
        v4 y = mul(w[triangle(i)], z[0]);
        for (int j = 1; j <= i; j++) y = fma4(w[triangle(i) + j], z[j], y);
        logarithm = fnma4(y, y, logarithm);
      }
      store(logit + n, logarithm);
      store(m->maximum + n, k == 0 ? logarithm : _mm256_max_pd(load(m->maximum + n), logarithm));
    }
  }
}

static inline __attribute__((always_inline)) void small_statistics(const mixture_t *m, const double *x, const int d) {
  for (long k = 0; k < m->k; k++) {
    const double *mean = m->mean + k * d, *logit = m->logit + k * BLOCK;
    double *total = m->total + 4 * k * m->statistics;
    v4 mu[MOST_UNROLLED], s[MOST_UNROLLED], o[MOST_UNROLLED * (MOST_UNROLLED + 1) / 2], weight = load(total);
    for (int i = 0; i < d; i++) mu[i] = splat(mean[i]), s[i] = load(total + 4 * (1 + i));
    for (int i = 0; i < triangle(d); i++) o[i] = load(total + 4 * (1 + d + i));
    for (long n = 0; n < BLOCK; n += 4) {
      const v4 q = mul(load(logit + n), load(m->ratio + n));
      v4 z[MOST_UNROLLED];
      weight = add(weight, q);
      for (int i = 0; i < d; i++) z[i] = sub(load(x + i * BLOCK + n), mu[i]);
      for (int i = 0; i < d; i++) {
        const v4 qz = mul(q, z[i]);
        s[i] = add(s[i], qz);
        for (int j = 0; j <= i; j++) o[triangle(i) + j] = fma4(qz, z[j], o[triangle(i) + j]);
      }
    }
    store(total, weight);
    for (int i = 0; i < d; i++) store(total + 4 * (1 + i), s[i]);
    for (int i = 0; i < triangle(d); i++) store(total + 4 * (1 + d + i), o[i]);
  }
}
