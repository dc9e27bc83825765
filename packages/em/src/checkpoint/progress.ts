import { above, allOf, anyOf, finite, list, nothing, object, optional, type Schema, whole } from '../schema/schema.js'

/** Objectives of a run: at least that of its first point. */
export const objectivesOf: Schema = allOf(list(finite), value =>
  (value as ReadonlyArray<number>).length > 0
    ? undefined
    : { path: '', expected: 'at least one number', received: 'none' },
)

/** How far a run with such parameters has come, as a checkpoint holds it. */
export const progressOf = (parameters: Schema): Schema =>
  allOf(
    object({
      position: object({
        index: whole(0),
        parameters,
        cycle: optional(object({ start: anyOf('parameters or null', nothing, parameters), longest: above(0) })),
      }),
      objectives: objectivesOf,
    }),
    value => {
      const { position, objectives } = value as {
        readonly position: { readonly index: number }
        readonly objectives: ReadonlyArray<number>
      }
      return position.index === objectives.length - 1
        ? undefined
        : {
            path: '.position.index',
            expected: `${objectives.length - 1}, as there are objectives`,
            received: String(position.index),
          }
    },
  )
