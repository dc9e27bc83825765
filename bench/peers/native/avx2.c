// A yardstick: the algorithm of the WebAssembly kernel (centred, whitened, statistics about the old means, one fused
// pass over blocks, float64) in C for AVX2 and FMA, in one thread. Maximum likelihood.
#include "protocol.h"
#include "avx2/expectation.h"
#include "avx2/maximisation.h"

/** Lays centred rows out in blocks, column by column, the last one filled up with zeros. */
static void lay_out(mixture_t *m, const char *path) {
  double *rows = allocate(m->n * m->d);
  read_values(path, rows, m->n * m->d);
  memset(m->x, 0, m->blocks * BLOCK * m->width * sizeof(double));
  for (long j = 0; j < m->d; j++) {
    double sum = 0;
    for (long n = 0; n < m->n; n++) sum += rows[n * m->d + j];
    m->origin[j] = sum / (double)m->n;
    for (long n = 0; n < m->n; n++)
      m->x[(n / BLOCK * m->width + j) * BLOCK + n % BLOCK] = rows[n * m->d + j] - m->origin[j];
  }
  free(rows);
}

static mixture_t load_mixture(const request_t *r) {
  const long d = r->d, k = r->k, width = d <= MOST_UNROLLED ? d : (d + 3) / 4 * 4;
  mixture_t m = {.n = r->n, .d = d, .k = k, .width = width, .blocks = (r->n + BLOCK - 1) / BLOCK};
  m.statistics = 1 + width + triangle(width);
  m.x = allocate(m.blocks * BLOCK * width);
  m.origin = allocate(width);
  m.weight = allocate(k);
  m.mean = allocate(k * width);
  m.covariance = allocate(k * d * d);
  m.constant = allocate(k);
  m.whitening = allocate(k * (packed(width) + triangle(width)));
  m.logit = allocate(k * BLOCK);
  m.maximum = allocate(BLOCK);
  m.sum = allocate(BLOCK);
  m.ratio = allocate(BLOCK);
  m.deviation = allocate(width * BLOCK);
  m.weighted = allocate(4 * BLOCK);
  m.total = allocate(4 * k * m.statistics);
  lay_out(&m, r->rows);
  return m;
}

/** Parameters from a file of K weights, K x D means and K x D x D covariances. */
static void start(const mixture_t *m, const char *path) {
  const long d = m->d, k = m->k;
  double *values = allocate(k * (1 + d + d * d));
  read_values(path, values, k * (1 + d + d * d));
  memcpy(m->weight, values, k * sizeof(double));
  memset(m->mean, 0, k * m->width * sizeof(double));
  for (long i = 0; i < k; i++)
    for (long j = 0; j < d; j++) m->mean[i * m->width + j] = values[k + i * d + j] - m->origin[j];
  memcpy(m->covariance, values + k + k * d, k * d * d * sizeof(double));
  free(values);
  prepare(m);
}

int main(void) {
  request_t r;
  mixture_t m = {0};
  while (next_request(&r)) {
    if (!m.x) m = load_mixture(&r);
    start(&m, r.start);
    double likelihood = 0;
    const double began = milliseconds();
    for (long i = 0; i < r.iterations; i++) {
      likelihood = expectation(&m);
      maximise(&m);
    }
    answer("gcc " __VERSION__, (milliseconds() - began) / (double)r.iterations, &likelihood);
  }
  return 0;
}
