/**
 * Builds the native shim with nothing but a C compiler and the headers that come with Node.
 *
 *   node native/build.js                 into prebuilds/linux-<arch>/
 *   node native/build.js --if-possible   the same, but where it cannot be built says why in one line and succeeds
 *   node native/build.js --sanitize      for the tests, into native/build/: with the address and undefined-behaviour
 *                                        sanitizers, and with warnings as errors
 *
 * Environment: CC is the compiler with its flags, npm_config_nodedir a folder where Node is unpacked (its headers). To
 * build for another machine: npm_config_arch (as process.arch has it), npm_config_platform and LIBC (glibc or musl),
 * as prebuildify has them.
 */
import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'

const here = dirname(fileURLToPath(import.meta.url))
const root = dirname(here)
const sanitize = process.argv.includes('--sanitize')
const ifPossible = process.argv.includes('--if-possible')

const platform = process.env.npm_config_platform || process.platform
const arch = process.env.npm_config_arch || process.arch
// As it is found when the shim is loaded: src/netlink/socket/find-shim.ts.
const ownLibc = existsSync('/etc/alpine-release') ? 'musl' : 'glibc'
const libc = process.env.LIBC || ownLibc

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
 * Where the shim is looked for. On musl the file with that name comes first, so that a build of this machine is taken before
 * a published one for glibc.
 */
function outputPath() {
  if (sanitize) return join(here, 'build', 'nlwire.node')
  return join(root, 'prebuilds', `linux-${arch}`, libc === 'musl' ? 'nlwire.musl.node' : 'nlwire.node')
}

/** Why this Node does not load the file; undefined when it does. In a process of its own: loading may end that. */
function loadFailure(file) {
  const load = spawnSync(process.execPath, ['-e', 'process.dlopen({ exports: {} }, process.argv[1])', file], {
    encoding: 'utf8',
  })
  if (load.status === 0) return undefined
  return load.stderr.match(/^Error: (.*)$/m)?.[1] ?? (load.signal || `status ${load.status}`)
}

/** Newer than all that it is made of, and it loads: a build for another machine is always made anew. */
function isUpToDate(output, inputs) {
  if (!existsSync(output)) return false
  const newest = Math.max(...inputs.map((name) => statSync(name).mtimeMs))
  return statSync(output).mtimeMs > newest && loadFailure(output) === undefined
}

if (platform !== 'linux') giveUp(`netlink is Linux, this is ${platform} (codec and replay work)`)
const output = outputPath()
const inputs = readdirSync(here, { withFileTypes: true })
  .filter((entry) => /\.(c|h|js)$/.test(entry.name))
  .map(({ name }) => join(here, name))
if (isUpToDate(output, inputs)) process.exit(0)

const compiler = findCompiler()
if (!compiler) giveUp('no C compiler found (CC, cc, gcc, clang); on Debian: apt-get install gcc libc6-dev')
const headers = findHeaders()
if (!headers)
  giveUp('the headers of Node (node_api.h) were not found; set npm_config_nodedir to where Node is unpacked')

const mode = sanitize
  ? ['-g', '-O1', '-fno-omit-frame-pointer', '-fsanitize=address,undefined', '-Wall', '-Wextra', '-Werror']
  : ['-O2']
const flags = ['-std=gnu11', '-fPIC', '-shared', '-fvisibility=hidden', '-pthread', `-I${headers}`]
mkdirSync(dirname(output), { recursive: true })
// Put in place whole: another process may be loading the old one.
const unfinished = `${output}.${process.pid}`
const sources = inputs.filter((name) => name.endsWith('.c'))
const [command, ...given] = compiler
const built = spawnSync(command, [...given, ...mode, ...flags, '-o', unfinished, ...sources], { encoding: 'utf8' })
if (built.status !== 0) {
  rmSync(unfinished, { force: true })
  const lines = `${built.stderr || built.error?.message || ''}`.trim().split('\n')
  if (!ifPossible) console.error(lines.join('\n'))
  giveUp(lines.find((line) => line.includes('error')) ?? `${command} failed`)
}
const isForThisNode = !sanitize && platform === process.platform && arch === process.arch && libc === ownLibc
const failure = isForThisNode ? loadFailure(unfinished) : undefined
if (failure !== undefined) {
  rmSync(unfinished)
  giveUp(
    `${command} built what this Node (${arch}) does not load: ${failure}. For another machine, set npm_config_arch (arm64, ...) or LIBC (glibc, musl)`,
  )
}
renameSync(unfinished, output)
console.log(`nlwire: built ${relative(process.cwd(), output)}`)
