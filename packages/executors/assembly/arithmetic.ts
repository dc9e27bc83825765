// Two float64 lanes at a time. With relaxed SIMD a product and its sum are one instruction, rounded once.

/** a b + c */
export function madd(a: v128, b: v128, c: v128): v128 {
  if (ASC_FEATURE_RELAXED_SIMD) return f64x2.relaxed_madd(a, b, c)
  return f64x2.add(f64x2.mul(a, b), c)
}

/** c - a b */
export function nmadd(a: v128, b: v128, c: v128): v128 {
  if (ASC_FEATURE_RELAXED_SIMD) return f64x2.relaxed_nmadd(a, b, c)
  return f64x2.sub(c, f64x2.mul(a, b))
}

/** 0 in place of NaN. */
export function present(value: v128): v128 {
  return v128.and(value, f64x2.eq(value, value))
}

/** Adds two lanes to the two lanes stored at an address. */
export function accumulate(address: usize, value: v128): void {
  v128.store(address, f64x2.add(v128.load(address), value))
}

/** The m of m 2^e with 1 <= m < 2, of normal positive numbers. */
export function mantissa(value: v128): v128 {
  return v128.or(v128.and(value, i64x2.splat(0x000fffffffffffff)), f64x2.splat(1))
}
