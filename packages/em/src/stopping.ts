/** Whether a run has gone on for long enough, from its objectives so far, the first one included. */
export type StoppingRule = (objectives: ReadonlyArray<number>) => boolean

const gain = (objectives: ReadonlyArray<number>): number | undefined =>
  objectives.length < 2 ? undefined : objectives.at(-1)! - objectives.at(-2)!

/** After an iteration that raised the objective by no more than this share of its size. */
export const relativeGain =
  (share: number): StoppingRule =>
  objectives => {
    const gained = gain(objectives)
    return gained !== undefined && gained <= share * Math.abs(objectives.at(-1)!)
  }

/** After an iteration that raised the objective by no more than this many nats. */
export const absoluteGain =
  (nats: number): StoppingRule =>
  objectives => {
    const gained = gain(objectives)
    return gained !== undefined && gained <= nats
  }

/** Once a rule has held for as many iterations in a row: single small steps are common on a plateau. */
export const repeatedly =
  (times: number, rule: StoppingRule): StoppingRule =>
  objectives =>
    objectives.length > times &&
    Array.from({ length: times }, (_, i) => objectives.slice(0, objectives.length - i)).every(rule)

/** As soon as one of the rules holds. */
export const anyOf =
  (...rules: ReadonlyArray<StoppingRule>): StoppingRule =>
  objectives =>
    rules.some(rule => rule(objectives))
