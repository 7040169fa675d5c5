/**
 * Builds the native shim with nothing but a C compiler and the headers that come with Node.
 *
 *   node native/build.js                 into prebuilds/linux-<arch>/
 *   node native/build.js --if-possible   the same, but where it cannot be built says why in one line and succeeds
 *   node native/build.js --sanitize      with the address and undefined-behaviour sanitizers, into native/build/
 */
import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'

const here = dirname(fileURLToPath(import.meta.url))
const root = dirname(here)
const sanitize = process.argv.includes('--sanitize')
const ifPossible = process.argv.includes('--if-possible')

/** Says why there is no shim and ends. */
function giveUp(reason) {
  console.error(`nlwire: the native shim was not built: ${reason}`)
  process.exit(ifPossible ? 0 : 1)
}

/** The compiler: what CC says, else the first of the usual names that runs. */
function findCompiler() {
  const given = process.env.CC?.trim()
  const candidates = given ? [given.split(/\s+/)] : [['cc'], ['gcc'], ['clang']]
  return candidates.find(([command]) => spawnSync(command, ['--version'], { stdio: 'ignore' }).status === 0)
}

/** The folder of node_api.h and uv.h for the Node that runs this. */
function findHeaders() {
  const given = process.env.npm_config_nodedir
  return [
    ...(given ? [join(given, 'include/node'), join(given, 'src')] : []),
    join(dirname(process.execPath), '../include/node'),
    '/usr/include/node',
    '/usr/include/nodejs/src',
  ].find((folder) => existsSync(join(folder, 'node_api.h')))
}

/**
 * Where node-gyp-build looks. It takes the file with the most tags that fit, so on musl (which it knows by this file)
 * the tag keeps a build of this machine before a published one for glibc.
 */
function outputPath() {
  if (sanitize) return join(here, 'build', 'nlwire.node')
  const libc = process.env.LIBC || (existsSync('/etc/alpine-release') ? 'musl' : 'glibc')
  return join(root, 'prebuilds', `linux-${process.arch}`, libc === 'musl' ? 'nlwire.musl.node' : 'nlwire.node')
}

if (process.platform !== 'linux') giveUp(`netlink is Linux, this is ${process.platform} (codec and replay work)`)
const output = outputPath()
const files = readdirSync(here).map((name) => join(here, name))
const sources = files.filter((name) => name.endsWith('.c'))
const inputs = files.filter((name) => /\.(c|h|js)$/.test(name))
const newest = Math.max(...inputs.map((name) => statSync(name).mtimeMs))
if (existsSync(output) && statSync(output).mtimeMs > newest) process.exit(0)

const compiler = findCompiler()
if (!compiler) giveUp('no C compiler found (CC, cc, gcc, clang); on Debian: apt-get install gcc libc6-dev')
const headers = findHeaders()
if (!headers)
  giveUp('the headers of Node (node_api.h) were not found; set npm_config_nodedir to where Node is unpacked')

const mode = sanitize ? ['-g', '-O1', '-fno-omit-frame-pointer', '-fsanitize=address,undefined'] : ['-O2']
const strict = ['-std=gnu11', '-Wall', '-Wextra', '-Werror', '-fPIC', '-shared', '-fvisibility=hidden', '-pthread']
mkdirSync(dirname(output), { recursive: true })
// Put in place whole: another process may be loading the old one.
const unfinished = `${output}.${process.pid}`
const [command, ...flags] = compiler
const built = spawnSync(command, [...flags, ...mode, ...strict, `-I${headers}`, '-o', unfinished, ...sources], {
  encoding: 'utf8',
})
if (built.status !== 0) {
  rmSync(unfinished, { force: true })
  const lines = `${built.stderr || built.error?.message || ''}`.trim().split('\n')
  if (!ifPossible) console.error(lines.join('\n'))
  giveUp(lines.find((line) => line.includes('error')) ?? `${command} failed`)
}
renameSync(unfinished, output)
console.log(`nlwire: built ${relative(process.cwd(), output)}`)
