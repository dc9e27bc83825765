// The most memory that `segment` holds for a photo of 64 megapixels, beyond what a program holds that only decodes it.
import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { photoPath } from '../data/photos.js'

const inExample = (/** @type {string} */ name) =>
  fileURLToPath(new URL(`../../examples/segmentation/dist/${name}`, import.meta.url))

/** The fox, enlarged: 12.24 times as wide and as high. */
const [WIDTH, HEIGHT] = [9792, 6536]
const PIXELS = WIDTH * HEIGHT

/** Around the fox. */
const BOX = '1760,1114,2362,4382'

/** Writes where a process is told to, when it ends, the most megabytes that it held. */
const TELL = `import { readFileSync, writeFileSync } from 'node:fs'
process.on('exit', () => {
  let kilobytes = process.resourceUsage().maxRSS
  try { kilobytes = Number(/VmHWM:\\s*(\\d+)/.exec(readFileSync('/proc/self/status', 'utf8'))[1]) } catch {}
  writeFileSync(process.env.PEAK, String(kilobytes / 1024))
})`

/** @param {string} folder @param {ReadonlyArray<string>} words of Node */
const peakOf = (folder, words) => {
  const peak = join(folder, 'peak')
  const hook = `--import=data:text/javascript,${encodeURIComponent(TELL)}`
  const { status, stderr } = spawnSync(process.execPath, [hook, ...words], {
    env: { ...process.env, PEAK: peak },
    encoding: 'utf8',
  })
  if (status !== 0) throw new Error(`ended with ${status}: ${stderr.trim().split('\n').at(-1)}`)
  return Number(readFileSync(peak, 'utf8'))
}

/** @param {string} folder @returns {Promise<ReadonlyArray<import('../types.js').MemoryUse>>} */
export const measureLargePhoto = async folder => {
  const name = `a photo of ${(PIXELS / 1e6).toFixed(0)} megapixels`
  try {
    if (!existsSync(photoPath('fox'))) throw new Error('there is no fox.png')
    const photo = join(folder, 'large.jpg')
    const sharp = createRequire(inExample('image.js'))('sharp')
    await sharp(photoPath('fox')).removeAlpha().resize(WIDTH, HEIGHT).jpeg({ quality: 90 }).toFile(photo)
    const decoder = `import { readFileSync } from 'node:fs'
      import { decodeImage } from ${JSON.stringify(inExample('image.js'))}
      await decodeImage(readFileSync(${JSON.stringify(photo)}))()`
    const decoded = peakOf(folder, ['--input-type=module', '-e', decoder])
    const segment = (/** @type {string[]} */ ...words) =>
      peakOf(folder, [inExample('program.js'), photo, ...words, '--out', join(folder, 'large')])
    const beyond = (/** @type {string} */ what, /** @type {number} */ megabytes) => ({
      what: `\`segment\`, ${what} of ${name}`,
      megabytes,
      bytesPerPixel: ((megabytes - decoded) * 2 ** 20) / PIXELS,
    })
    return [
      { what: `${name}, decoded`, megabytes: decoded },
      beyond('by colour', segment('--model', 'assignment', '--iterations', '10')),
      beyond('the foreground', segment('--model', 'regions', '--box', BOX)),
    ]
  } catch (error) {
    return [{ what: name, megabytes: Number.NaN, error: error instanceof Error ? error.message : String(error) }]
  }
}
