// Four float64 at a time, and 2^t of them.
#pragma once
#include <immintrin.h>

typedef __m256d v4;

#define splat _mm256_set1_pd
#define load _mm256_load_pd
#define store _mm256_store_pd
#define add _mm256_add_pd
#define sub _mm256_sub_pd
#define mul _mm256_mul_pd
/** a b + c, and c - a b. */
#define fma4 _mm256_fmadd_pd
#define fnma4 _mm256_fnmadd_pd

#define FLUSH -960.0
#define SHIFT 6755399441055744.0

/** 2^t for t <= 0; 0 below 2^-960. The polynomial is the one of packages/executors. */
static inline v4 exp2_v4(v4 t) {
  const v4 x = _mm256_max_pd(splat(FLUSH), t);
  const v4 n = add(x, splat(SHIFT));
  const v4 f = sub(x, sub(n, splat(SHIFT)));
  v4 p = splat(4.4347712982003387e-10);
  p = fma4(p, f, splat(7.0737832485031966e-9));
  p = fma4(p, f, splat(1.0178199571842138e-7));
  p = fma4(p, f, splat(1.3215435282308488e-6));
  p = fma4(p, f, splat(1.5252733493127489e-5));
  p = fma4(p, f, splat(0.0001540353045711209));
  p = fma4(p, f, splat(0.001333355814677462));
  p = fma4(p, f, splat(0.00961812910759412));
  p = fma4(p, f, splat(0.055504108664820084));
  p = fma4(p, f, splat(0.2402265069591013));
  p = fma4(p, f, splat(0.6931471805599453));
  p = fma4(p, f, splat(1));
  const __m256i exponent = _mm256_slli_epi64(_mm256_castpd_si256(n), 52);
  const v4 power = _mm256_castsi256_pd(_mm256_add_epi64(_mm256_castpd_si256(p), exponent));
  return _mm256_and_pd(power, _mm256_cmp_pd(x, splat(FLUSH), _CMP_GT_OQ));
}

static inline double sum_v4(v4 v) {
  return ((double *)&v)[0] + ((double *)&v)[1] + ((double *)&v)[2] + ((double *)&v)[3];
}
