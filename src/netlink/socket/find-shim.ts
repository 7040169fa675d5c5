/** Where the native shim is, and why it cannot be had: the only file that loads it. */
import { TransportError } from '../errors.js'
import { type Shim, shimFunctions } from './shim-functions.js'

/** A file that somebody named. */
export interface GivenShim {
  readonly path: string
  /** Who named it: `setShim`. */
  readonly by: string
}

const builtin = {
  fs: () => process.getBuiltinModule('node:fs'),
  path: () => process.getBuiltinModule('node:path'),
  url: () => process.getBuiltinModule('node:url'),
}

/**
 * Finds and loads the shim.
 * @param given a file by its path: then no other one is looked for
 * @throws TransportError ERR_NETLINK_UNSUPPORTED on a system without netlink, ERR_NETLINK_NO_SHIM with the reason
 */
export function findShim(given: GivenShim | undefined): Shim {
  const system = typeof process === 'undefined' ? 'this platform' : process.platform
  if (system !== 'linux') {
    throw new TransportError(
      'ERR_NETLINK_UNSUPPORTED',
      `there is no netlink on ${system}: it is an interface of Linux. The codec and replay work here.`,
    )
  }
  const { NLWIRE_SHIM } = process.env
  const named = given ?? (NLWIRE_SHIM ? { path: NLWIRE_SHIM, by: 'NLWIRE_SHIM' } : undefined)
  if (named) return loadNamed(named)
  const files = candidates()
  let failure: TransportError | undefined
  for (const file of files) {
    if (!builtin.fs().existsSync(file)) continue
    try {
      return load(file, '')
    } catch (error) {
      // Another one may fit: what is told is why the first one does not.
      failure ??= error as TransportError
    }
  }
  throw failure ?? notFound(files)
}

function loadNamed({ path, by }: GivenShim): Shim {
  const file = builtin.path().resolve(path)
  const from = `, which ${by} names,`
  const what = builtin.fs().statSync(file, { throwIfNoEntry: false })
  if (!what?.isFile()) {
    const why = what ? 'is no file' : 'does not exist'
    throw noShim(`the native shim ${file}${from} ${why}: give the path of nlwire.node, the file itself`)
  }
  return load(file, from)
}

/** @param from who named the file, for the message */
function load(file: string, from: string): Shim {
  const reason = unfit(file)
  if (reason !== undefined) throw cannotLoad(file, from, reason)
  const module: { exports: Partial<Shim> } = { exports: {} }
  try {
    // Not require: whatever the file is called, it is native code.
    process.dlopen(module, file)
  } catch (cause) {
    throw cannotLoad(file, from, cause instanceof Error ? cause.message : String(cause), cause)
  }
  const missing = shimFunctions.filter((name) => typeof module.exports[name] !== 'function')
  if (missing.length === 0) return module.exports as Shim
  const text = `the native shim ${file}${from} is of another version of nlwire: it has no ${missing.join(', ')}`
  throw noShim(`${text}. Take the file that came with this version. ${BUILD}`)
}

const cannotLoad = (file: string, from: string, reason: string, cause?: unknown): TransportError =>
  noShim(`the native shim ${file}${from} cannot be loaded: ${reason}. This is Node for ${here()}. ${BUILD}`, cause)

const BUILD =
  'With a C compiler, run: node node_modules/nlwire/native/build.js (in a clone of nlwire: node native/build.js)'

const noShim = (text: string, cause?: unknown): TransportError =>
  new TransportError('ERR_NETLINK_NO_SHIM', text, { cause })

const isMusl = (): boolean => builtin.fs().existsSync('/etc/alpine-release')
const here = (): string => `linux-${process.arch} with ${isMusl() ? 'musl' : 'glibc'}`

/** As native/build.js calls what it builds, the best first. */
const fileNames = (): string[] => {
  const names = ['nlwire.node', 'nlwire.musl.node']
  return isMusl() ? names.reverse() : names
}

/** The files that it may be, the best first. */
function candidates(): string[] {
  const { join } = builtin.path()
  const inFolder = (folder: string) => fileNames().map((name) => join(folder, name))
  const built = (folder: string) => inFolder(join(folder, 'prebuilds', `linux-${process.arch}`))
  const own = moduleFolder()
  // As it is installed, this file is in its place; any other place is that of a bundle.
  const root = own?.match(/^(.*)\/dist\/src\/netlink\/socket$/)?.[1]
  const folders = new Set([
    ...(root === undefined ? [own] : []),
    entryFolder(),
    builtin.path().dirname(process.execPath),
  ])
  const beside = [...folders].flatMap((folder) => (folder === undefined ? [] : [...built(folder), ...inFolder(folder)]))
  return [...(root === undefined ? [] : built(root)), ...beside]
}

/** The folder of this file, or of the bundle that it is in. Bundles in CommonJS have no import.meta, and __dirname. */
function moduleFolder(): string | undefined {
  const url: string | undefined = import.meta.url
  const { dirname, isAbsolute } = builtin.path()
  if (url?.startsWith('file:')) return dirname(builtin.url().fileURLToPath(url))
  // Bundlers are told to put __filename for it.
  if (url !== undefined && isAbsolute(url)) return dirname(url)
  return typeof __dirname === 'string' && isAbsolute(__dirname) ? __dirname : undefined
}

/** The folder of the file that Node was started with; none where it was given text, and argv[1] is what the text is told. */
function entryFolder(): string | undefined {
  const entry = process.argv[1]
  const given = process.execArgv.some((option) => /^(-[a-z]*[ep]|--eval|--print)(=|$)/.test(option))
  const { dirname, isAbsolute } = builtin.path()
  if (entry === undefined || given || !isAbsolute(entry)) return undefined
  try {
    return dirname(builtin.fs().realpathSync(entry))
  } catch {
    return undefined
  }
}

/** None is there: where it was looked for, and for which machines there is one. */
function notFound(files: readonly string[]): TransportError {
  const { basename, dirname } = builtin.path()
  const folders = [...new Set(files.map((file) => dirname(file)))]
  const prebuilds = folders.map((folder) => dirname(folder)).filter((folder) => basename(folder) === 'prebuilds')
  const others = prebuilds.flatMap((folder) => machinesIn(folder).map((name) => `${folder}/${name}`))
  const built = others.length === 0 ? '' : ` There is one for another machine: ${others.join(', ')}.`
  return noShim(
    `the native shim is not built for ${here()}, or is elsewhere: there is no nlwire.node in ${folders.join(', ')}.` +
      `${built} ${BUILD}. Where it is elsewhere, give the path of the file by NLWIRE_SHIM or setShim(path)`,
  )
}

function machinesIn(prebuilds: string): string[] {
  try {
    return builtin.fs().readdirSync(prebuilds)
  } catch {
    return []
  }
}

/** e_machine of linux/elf-em.h, as process.arch has it. */
const machines: Readonly<Record<number, string>> = {
  3: 'ia32',
  20: 'ppc',
  21: 'ppc64',
  22: 's390x',
  40: 'arm',
  62: 'x64',
  183: 'arm64',
  243: 'riscv64',
  258: 'loong64',
}

/**
 * What a file is that must not be loaded: of one for another machine dlopen says that it does not exist, and one that is cut
 * short ends the process. Layout: struct Elf64_Ehdr, Elf32_Ehdr (linux/elf.h).
 * @returns undefined when nothing speaks against it
 */
function unfit(file: string): string | undefined {
  const head = headOf(file)
  if (head === undefined) return undefined
  const { bytes, size } = head
  const view = new DataView(bytes.buffer)
  if (size < bytes.length || view.getUint32(0) !== ELF_MAGIC) return 'it is no shared library'
  const little = bytes[5] === 1
  const number = view.getUint16(18, little)
  const machine = machines[number] ?? `machine ${number}`
  if (machine !== process.arch) return `it is built for ${machine}`
  const wide = bytes[4] === 2
  const sections = wide ? Number(view.getBigUint64(40, little)) : view.getUint32(32, little)
  const [each, count] = wide ? [58, 60] : [46, 48]
  const whole = sections + view.getUint16(each, little) * view.getUint16(count, little)
  return whole > size ? `it is cut short: it has ${size} bytes of ${whole}` : undefined
}

const ELF_MAGIC = 0x7f454c46

/** The first bytes of a file, and its size; undefined where it cannot be read. */
function headOf(file: string): { bytes: Uint8Array<ArrayBuffer>; size: number } | undefined {
  const { openSync, readSync, closeSync, fstatSync } = builtin.fs()
  try {
    const fd = openSync(file, 'r')
    try {
      const bytes = new Uint8Array(64)
      readSync(fd, bytes)
      return { bytes, size: fstatSync(fd).size }
    } finally {
      closeSync(fd)
    }
  } catch {
    return undefined
  }
}
