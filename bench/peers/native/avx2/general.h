// Any number of columns, in register tiles: 4 rows of a factor by 12 data rows, 4 by 2 entries of an outer product.
#pragma once
#include "mixture.h"

#define STRIP 12

/** Values of a factor of `width` columns, packed in tiles of 4 rows; the last 4 columns of a tile are its triangle. */
static inline long packed(long width) { return 2 * (width / 4) * (width / 4 + 1) * 4; }

static inline void deviations(const mixture_t *m, const double *x, const double *mean) {
  for (long i = 0; i < m->width; i++) {
    const v4 mu = splat(mean[i]);
    for (long n = 0; n < BLOCK; n += 4) store(m->deviation + i * BLOCK + n, sub(load(x + i * BLOCK + n), mu));
  }
}

/** One column of a tile: its rows from `first` on, times 12 deviations. */
static inline __attribute__((always_inline)) void column(v4 y[4][3], const double *z, const double *w, int first) {
  const v4 a = load(z), b = load(z + 4), c = load(z + 8);
  for (int i = first; i < 4; i++) {
    const v4 f = splat(w[i]);
    y[i][0] = fma4(f, a, y[i][0]);
    y[i][1] = fma4(f, b, y[i][1]);
    y[i][2] = fma4(f, c, y[i][2]);
  }
}

static void general_logits(const mixture_t *m, const double *x) {
  for (long k = 0; k < m->k; k++) {
    double *logit = m->logit + k * BLOCK;
    deviations(m, x, m->mean + k * m->width);
    for (long n = 0; n < BLOCK; n += STRIP) {
      const double *w = m->whitening + k * packed(m->width);
      v4 logarithm[3] = {splat(m->constant[k]), splat(m->constant[k]), splat(m->constant[k])};
      for (long i = 0; i < m->width; i += 4) {
        const double *z = m->deviation + n;
        v4 y[4][3];
        for (int r = 0; r < 4; r++)
          for (int c = 0; c < 3; c++) y[r][c] = splat(0);
        for (long j = 0; j < i; j++, w += 4, z += BLOCK) column(y, z, w, 0);
        for (int j = 0; j < 4; j++, w += 4, z += BLOCK) column(y, z, w, j);
        for (int r = 0; r < 4; r++)
          for (int c = 0; c < 3; c++) logarithm[c] = fnma4(y[r][c], y[r][c], logarithm[c]);
      }
      for (int c = 0; c < 3; c++) {
        double *maximum = m->maximum + n + 4 * c;
        store(logit + n + 4 * c, logarithm[c]);
        store(maximum, k == 0 ? logarithm[c] : _mm256_max_pd(load(maximum), logarithm[c]));
      }
    }
  }
}

/** Adds columns j and j + 1 of rows [i + first, i + 4) of sum q z z' to the totals. */
static inline __attribute__((always_inline)) void tile(const mixture_t *m, double *outer, long i, long j,
                                                       const int first) {
  const double *a = m->deviation + j * BLOCK, *b = a + BLOCK, *w = m->weighted;
  v4 o[4][2];
  for (int r = first; r < 4; r++)
    for (int c = 0; c < 2; c++) o[r][c] = splat(0);
  for (long n = 0; n < BLOCK; n += 4) {
    const v4 za = load(a + n), zb = load(b + n);
    for (int r = first; r < 4; r++) {
      const v4 qz = load(w + r * BLOCK + n);
      o[r][0] = fma4(qz, za, o[r][0]);
      o[r][1] = fma4(qz, zb, o[r][1]);
    }
  }
  for (int r = first; r < 4; r++)
    for (int c = 0; c < 2 && j + c <= i + r; c++) {
      double *at = outer + 4 * (triangle(i + r) + j + c);
      store(at, add(load(at), o[r][c]));
    }
}

static void general_statistics(const mixture_t *m, const double *x) {
  for (long k = 0; k < m->k; k++) {
    double *q = m->logit + k * BLOCK, *total = m->total + 4 * k * m->statistics, *outer = total + 4 * (1 + m->width);
    v4 weight = load(total);
    deviations(m, x, m->mean + k * m->width);
    for (long n = 0; n < BLOCK; n += 4) {
      const v4 p = mul(load(q + n), load(m->ratio + n));
      store(q + n, p);
      weight = add(weight, p);
    }
    store(total, weight);
    for (long i = 0; i < m->width; i += 4) {
      for (int r = 0; r < 4; r++) {
        v4 sum = load(total + 4 * (1 + i + r));
        for (long n = 0; n < BLOCK; n += 4) {
          const v4 qz = mul(load(q + n), load(m->deviation + (i + r) * BLOCK + n));
          store(m->weighted + r * BLOCK + n, qz);
          sum = add(sum, qz);
        }
        store(total + 4 * (1 + i + r), sum);
      }
      for (long j = 0; j <= i; j += 2) tile(m, outer, i, j, 0);
      tile(m, outer, i, i + 2, 2);
    }
  }
}
