// `pnpm native`: makes the native addon of @tensorflow/tfjs-node loadable, for the TensorFlow executor.
//
// The package's own script downloads libtensorflow and the addon. On Linux x64 this script takes libtensorflow from the
// Python package index and compiles the addon instead; CONJUGATE_NATIVE_SOURCE=download asks for the package's own way.
import { delimiter, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { locateAddon } from './addon.js'
import { compile } from './compile.js'
import { installLibrary } from './library.js'
import { fail, run, telling } from './run.js'

const check = () =>
  run(process.execPath, [fileURLToPath(new URL('check.js', import.meta.url))], {
    env: { ...process.env, TF_CPP_MIN_LOG_LEVEL: '2' },
  })

const locate = () => {
  try {
    return locateAddon()
  } catch {
    return fail('@tensorflow/tfjs-node is not installed: run pnpm install first')
  }
}

/** The package's own script calls programs of its dependencies by name. */
const runOwnInstaller = ({ directory }) => {
  console.log("native: running tfjs-node's own install script")
  const PATH = [join(directory, 'node_modules', '.bin'), process.env.PATH].join(delimiter)
  const { ok } = run(process.execPath, ['scripts/install.js'], {
    cwd: directory,
    stdio: 'inherit',
    env: { ...process.env, PATH },
  })
  if (!ok) fail("tfjs-node's own install script failed; CONJUGATE_NATIVE_SOURCE chooses the way on Linux x64 only")
}

const already = check()
if (already.ok) {
  console.log(`native: nothing to do, the addon loads (${already.stdout.trim()})`)
} else {
  const addon = locate()
  const own = process.env.CONJUGATE_NATIVE_SOURCE === 'download'
  if (own || process.platform !== 'linux' || process.arch !== 'x64') runOwnInstaller(addon)
  else {
    installLibrary(addon)
    compile(addon)
  }
  const { ok, stdout, stderr } = check()
  if (!ok) fail(`the addon still doesn't compute: ${telling(stderr)}`)
  console.log(`native: the addon computes in float64 (${stdout.trim()})`)
}
