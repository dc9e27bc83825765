// The mappings of a source map, without those of sources that are left out: what cannot be shown needs no places.
// Source of the format: ECMA-426, Source map format specification.
const DIGITS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'
const VALUES = new Map(Array.from(DIGITS, (digit, value) => [digit, value]))

/** The numbers of a segment. @param {string} segment @returns {number[]} */
const decode = segment => {
  const numbers = []
  let [value, shift] = [0, 0]
  for (const digit of segment) {
    const bits = VALUES.get(digit)
    value += (bits & 31) << shift
    if (bits & 32) shift += 5
    else {
      numbers.push(value & 1 ? -(value >> 1) : value >> 1)
      ;[value, shift] = [0, 0]
    }
  }
  return numbers
}

/** @param {number} number */
const encode = number => {
  let rest = number < 0 ? (-number << 1) | 1 : number << 1
  let text = ''
  do {
    const bits = rest & 31
    rest >>= 5
    text += DIGITS[rest > 0 ? bits | 32 : bits]
  } while (rest > 0)
  return text
}

/**
 * The same map without the texts of sources that `isLeftOut` names and without places in them, each run of which becomes one
 * place that is in no source; their names stay, which say whose code is there.
 * @param {{ sources: string[], sourcesContent: (string | null)[], names: string[], mappings: string }} map
 * @param {(source: string) => boolean} isLeftOut
 */
export const withoutSources = (map, isLeftOut) => {
  const out = map.sources.map(isLeftOut)
  const names = []
  const newName = new Map()
  const nameOf = old => {
    if (!newName.has(old)) newName.set(old, names.push(map.names[old]) - 1)
    return newName.get(old)
  }
  let [source, line, column, name] = [0, 0, 0, 0]
  let before = [0, 0, 0, 0]
  const lines = map.mappings.split(';').map(text => {
    let [generated, last] = [0, 0]
    const segments = []
    // A place holds to the end of its line.
    let outside = true
    for (const segment of text.split(',').filter(s => s !== '')) {
      const numbers = decode(segment)
      generated += numbers[0]
      if (numbers.length > 1) {
        source += numbers[1]
        line += numbers[2]
        column += numbers[3]
      }
      if (numbers.length > 4) name += numbers[4]
      const inside = numbers.length > 1 && !out[source]
      if (inside) {
        const parts = [generated - last, source - before[0], line - before[1], column - before[2]]
        before = [source, line, column, before[3]]
        if (numbers.length > 4) {
          const at = nameOf(name)
          parts.push(at - before[3])
          before[3] = at
        }
        segments.push(parts)
      } else if (outside) continue
      else segments.push([generated - last])
      outside = !inside
      last = generated
    }
    return segments.map(parts => parts.map(encode).join('')).join(',')
  })
  return {
    ...map,
    sourcesContent: map.sourcesContent.map((content, i) => (out[i] ? null : content)),
    names,
    mappings: lines.join(';'),
  }
}
