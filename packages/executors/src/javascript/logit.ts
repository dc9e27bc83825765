/** Where terms of a norm overflow in both directions it is NaN: such a row is as far away as one may be. */
export const logitOf = (constant: number, norm: number): number =>
  Number.isNaN(norm) ? Number.NEGATIVE_INFINITY : constant - norm / 2
