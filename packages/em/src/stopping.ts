/** Whether a run has gone on for long enough, from its objectives so far, the first one included. */
export interface StoppingRule {
  (objectives: ReadonlyArray<number>): boolean
  /** Whether it holds since iterations gain too little, by which a run counts as converged; absent, that is not known. */
  readonly aboutGains?: (objectives: ReadonlyArray<number>) => boolean
}

const gain = (objectives: ReadonlyArray<number>): number | undefined =>
  objectives.length < 2 ? undefined : objectives.at(-1)! - objectives.at(-2)!

const ruleAboutGains = (rule: (objectives: ReadonlyArray<number>) => boolean): StoppingRule =>
  Object.assign((objectives: ReadonlyArray<number>) => rule(objectives), { aboutGains: rule })

/** Stops after an iteration that raised the objective by no more than this share of its size. */
export const relativeGain = (share: number): StoppingRule =>
  ruleAboutGains(objectives => {
    const gained = gain(objectives)
    return gained !== undefined && gained <= share * Math.abs(objectives.at(-1)!)
  })

/** Stops after an iteration that raised the objective by no more than this many nats. */
export const absoluteGain = (nats: number): StoppingRule =>
  ruleAboutGains(objectives => {
    const gained = gain(objectives)
    return gained !== undefined && gained <= nats
  })

/** Stops once a rule has held for so many iterations in a row: single small steps are common on a plateau. */
export const repeatedly = (times: number, rule: StoppingRule): StoppingRule => {
  const inARow = (one: (objectives: ReadonlyArray<number>) => boolean) => (objectives: ReadonlyArray<number>) =>
    objectives.length > times &&
    Array.from({ length: times }, (_, i) => objectives.slice(0, objectives.length - i)).every(o => one(o))
  return Object.assign(inARow(rule), rule.aboutGains && { aboutGains: inARow(rule.aboutGains) })
}

/** Stops as soon as one of the rules holds. */
export const anyOf = (...rules: ReadonlyArray<StoppingRule>): StoppingRule =>
  Object.assign((objectives: ReadonlyArray<number>) => rules.some(rule => rule(objectives)), {
    aboutGains: (objectives: ReadonlyArray<number>) => rules.some(rule => rule.aboutGains?.(objectives) ?? false),
  })
