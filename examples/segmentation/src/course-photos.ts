/** The photos of the course's assignment with their SHA-256 sums. */
const SUMS = {
  fox: 'b7c426c73494bbb6c26888c0747aa08a2139a05b36421149db30ac048c6f7981',
  cow: '1b7cffc600c5c95d47a2ed75128cff9707f5a2956038c299d414e66232eaf064',
  owl: '5c36f9e3e42b5099483fdb1dcd92c161dc5296881ad6f5215904aa4d0bc7db48',
  zebra: '1a1c59f030a0f929c884a59175107199ae2619f2c30e3affa8567d44969dd315',
} as const

export type CoursePhoto = keyof typeof SUMS

export const COURSE_PHOTOS: readonly CoursePhoto[] = Object.keys(SUMS) as CoursePhoto[]

export const isCoursePhoto = (name: string): name is CoursePhoto => Object.hasOwn(SUMS, name)

export const sumOf = (name: CoursePhoto): string => SUMS[name]

// The course's default branch changes by year and has dropped the assignment; these two hold it.
const BRANCHES = ['main', 'spring2023'] as const

/** Where a photo can be had, in the order to try. */
export const urlsOf = (name: CoursePhoto): readonly string[] =>
  BRANCHES.map(
    branch => `https://raw.githubusercontent.com/slinderman/stats305c/${branch}/assignments/hw4/images/${name}.png`,
  )
