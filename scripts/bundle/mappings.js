// The mappings of a source map, as far as they are of use: lines of sources that can be shown.
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
 * The same map as far as lines: without columns and names, the texts of sources that `isLeftOut` names, and places in them, each
 * run of which becomes one place that is in no source. The names of sources stay, which say whose code is there.
 * @param {{ sources: string[], sourcesContent: (string | null)[], names: string[], mappings: string }} map
 * @param {(source: string) => boolean} isLeftOut
 */
export const linesOf = (map, isLeftOut) => {
  const out = map.sources.map(isLeftOut)
  let [source, line, column] = [0, 0, 0]
  let before = [0, 0, 0]
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
      const inside = numbers.length > 1 && !out[source]
      if (inside ? !outside && source === before[0] && line === before[1] : outside) continue
      if (inside) segments.push([generated - last, source - before[0], line - before[1], column - before[2]])
      else segments.push([generated - last])
      if (inside) before = [source, line, column]
      outside = !inside
      last = generated
    }
    return segments.map(parts => parts.map(encode).join('')).join(',')
  })
  return {
    ...map,
    sourcesContent: map.sourcesContent.map((content, i) => (out[i] ? null : content)),
    names: [],
    mappings: lines.join(';'),
  }
}
