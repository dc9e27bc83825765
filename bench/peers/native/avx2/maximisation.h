// The maximum-likelihood M-step, and the parameters as the E-step reads them. Scalar code: K D^3 is little.
#pragma once
#include <math.h>
#include "general.h"
#include "small.h"

/** Inverts the Cholesky factor of a D x D covariance; returns the log-determinant of the factor. */
static double invert_factor(const double *covariance, long d, double *factor, double *inverse) {
  double log_determinant = 0;
  for (long i = 0; i < d; i++) {
    for (long j = 0; j <= i; j++) {
      double s = covariance[i * d + j];
      for (long l = 0; l < j; l++) s -= factor[i * d + l] * factor[j * d + l];
      factor[i * d + j] = i == j ? sqrt(s) : s / factor[j * d + j];
    }
    log_determinant += log(factor[i * d + i]);
  }
  for (long j = 0; j < d; j++)
    for (long i = 0; i < d; i++) {
      double s = i == j ? 1 : 0;
      for (long l = j; l < i; l++) s -= factor[i * d + l] * inverse[l * d + j];
      inverse[i * d + j] = i < j ? 0 : s / factor[i * d + i];
    }
  return log_determinant;
}

/** Derives constants and whitening matrices from weights and covariances. */
static void prepare(const mixture_t *m) {
  const long d = m->d, small = d <= MOST_UNROLLED, size = small ? triangle(d) : packed(m->width);
  const double scale = sqrt(0.5 * M_LOG2E);
  double *factor = allocate(d * d), *inverse = allocate(d * d);
  for (long k = 0; k < m->k; k++) {
    double *w = m->whitening + k * size;
    const double log_determinant = invert_factor(m->covariance + k * d * d, d, factor, inverse);
    m->constant[k] = (log(m->weight[k]) - 0.5 * d * log(2 * M_PI) - log_determinant) * M_LOG2E;
    if (small) {
      for (long i = 0; i < d; i++)
        for (long j = 0; j <= i; j++) *w++ = scale * inverse[i * d + j];
      continue;
    }
    for (long i = 0; i < m->width; i += 4)
      for (long j = 0; j < i + 4; j++)
        for (long r = i; r < i + 4; r++) *w++ = r < d && j <= r ? scale * inverse[r * d + j] : 0;
  }
  free(factor);
  free(inverse);
}

/** New parameters from the statistics that the E-step left. */
static void maximise(const mixture_t *m) {
  const long d = m->d;
  for (long k = 0; k < m->k; k++) {
    const double *total = m->total + 4 * k * m->statistics, *outer = total + 4 * (1 + m->width);
    double *mean = m->mean + k * m->width, *covariance = m->covariance + k * d * d;
    const double weight = sum_v4(load(total));
    for (long i = 0; i < d; i++)
      for (long j = 0; j <= i; j++) {
        const double a = sum_v4(load(total + 4 * (1 + i))) / weight, b = sum_v4(load(total + 4 * (1 + j))) / weight;
        covariance[i * d + j] = covariance[j * d + i] = sum_v4(load(outer + 4 * (triangle(i) + j))) / weight - a * b;
      }
    for (long i = 0; i < d; i++) mean[i] += sum_v4(load(total + 4 * (1 + i))) / weight;
    m->weight[k] = weight / (double)m->n;
  }
  prepare(m);
}
