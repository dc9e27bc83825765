// pnpm run spark: a Spark server with what its workers need, and gRPC, with which @conjugate/spark is tested, in a folder of its own:
// 1 GB that nothing else needs. Nothing is done where it is up to date, nor where there is no Java that Spark runs on.
import { execFileSync, spawnSync } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** The oldest Java that runs Spark 4. */
const JAVA = 17

const from = fileURLToPath(new URL('.', import.meta.url))
const folder = fileURLToPath(new URL('../../node_modules/.cache/conjugate-spark', import.meta.url))
const stamp = join(folder, 'installed.txt')
const files = ['package.json', 'package-lock.json', 'requirements.txt']
const wanted = files.map(name => readFileSync(join(from, name), 'utf8')).join('\n')

const { stderr, status } = spawnSync('java', ['-version'], { encoding: 'utf8' })
const java = status === 0 ? Number(/version "(\d+)/.exec(stderr)?.[1] ?? 0) : 0

if (java < JAVA) {
  console.log(`Spark is not set up: it needs Java ${JAVA}, and ${java === 0 ? 'there is none' : `this is ${java}`}.`)
  process.exitCode = process.env.CONJUGATE_REQUIRE_SPARK === undefined ? 0 : 1
} else {
  if (!existsSync(stamp) || readFileSync(stamp, 'utf8') !== wanted) {
    rmSync(folder, { recursive: true, force: true })
    mkdirSync(folder, { recursive: true })
    const run = (command, args) => execFileSync(command, args, { cwd: folder, stdio: 'inherit' })
    for (const name of files) cpSync(join(from, name), join(folder, name))
    run('npm', ['ci', '--no-audit', '--no-fund'])
    run('python3', ['-m', 'venv', 'venv'])
    // Spark itself is no wheel on the registry.
    const pip = ['-m', 'pip', 'install', '--quiet', '--only-binary=:all:', '--no-binary=pyspark', '--no-compile']
    run(join(folder, 'venv/bin/python'), [...pip, '--requirement', 'requirements.txt'])
    writeFileSync(stamp, wanted)
  }
  console.log('Spark is set up.')
}
