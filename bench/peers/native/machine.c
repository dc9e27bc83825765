// The limits of the machine for a number of threads: bytes read from memory per second, and float64 operations per
// second of AVX2 fused multiply-adds. Prints a JSON line: { readGigabytes, gigaflops }.
#include <omp.h>
#include "avx2/vector.h"
#include "protocol.h"

#define REPETITIONS 10
/** 256 MB, more than a cache holds. */
#define VALUES (32L << 20)
#define STEPS 20000000L

static double sweep(const double *values, long from, long to) {
  v4 s[8];
  for (int i = 0; i < 8; i++) s[i] = splat(0);
  for (long n = from; n < to; n += 32)
    for (int i = 0; i < 8; i++) s[i] = add(s[i], load(values + n + 4 * i));
  double sum = 0;
  for (int i = 0; i < 8; i++) sum += sum_v4(s[i]);
  return sum;
}

/** 12 chains of fused multiply-adds, more than two units of four cycles need. */
static double multiply_add(double start) {
  v4 s[12];
  const v4 a = splat(0.999999), b = splat(1e-6);
  for (int i = 0; i < 12; i++) s[i] = splat(start + i);
  for (long n = 0; n < STEPS; n++)
#pragma GCC unroll 12
    for (int i = 0; i < 12; i++) s[i] = fma4(s[i], a, b);
  double sum = 0;
  for (int i = 0; i < 12; i++) sum += sum_v4(s[i]);
  return sum;
}

int main(int count, char **arguments) {
  const int threads = count > 1 ? atoi(arguments[1]) : 1;
  const long part = VALUES / threads / 32 * 32;
  double *values = allocate(VALUES), seconds[2] = {1e9, 1e9}, sum = 0;
  for (long n = 0; n < VALUES; n++) values[n] = (double)n;
  omp_set_num_threads(threads);
  for (int r = 0; r < REPETITIONS; r++) {
    double began = milliseconds(), took;
#pragma omp parallel for reduction(+ : sum)
    for (int t = 0; t < threads; t++) sum += sweep(values, t * part, (t + 1) * part);
    took = (milliseconds() - began) / 1e3;
    if (took < seconds[0]) seconds[0] = took;
    began = milliseconds();
#pragma omp parallel for reduction(+ : sum)
    for (int t = 0; t < threads; t++) sum += multiply_add(t);
    took = (milliseconds() - began) / 1e3;
    if (took < seconds[1]) seconds[1] = took;
  }
  if (sum == 0) return 1;
  printf("{\"readGigabytes\":%.4g,\"gigaflops\":%.4g}\n", (double)(part * threads) * sizeof(double) / seconds[0] / 1e9,
         (double)threads * STEPS * 12 * 4 * 2 / seconds[1] / 1e9);
  return 0;
}
