/** One test, three ways to run it: from a recording, on the kernel, and on the kernel while it is recorded. */
import { OptionError } from '../netlink/errors.js'
import { checkOptions, isFunction, type OptionTable, oneOf } from '../netlink/options.js'
import { openKernel } from '../netlink/socket/kernel.js'
import type { Transport } from '../netlink/transport/transport.js'
import { type Host, isHost, kernelHost } from '../rtnl/client/host.js'
import { type ReplayHostOptions, recordingHost, replayHost, replayHostOptions } from './host.js'
import { checkFile, checkRecorded, save } from './recording/file.js'
import { type RecordOptions, record, recordOptions, titled } from './recording/record.js'
import { type ReplayOptions, replay, replayOptions } from './replay/replay.js'

/** What NLWIRE_TEST says: `replay` (default) needs no kernel; `kernel` and `record` need Linux, and mostly root. */
export type TestMode = 'replay' | 'kernel' | 'record'

/**
 * How tests run now.
 * @throws OptionError when NLWIRE_TEST is anything else
 * @example if (testMode() === 'kernel') this.timeout(60_000)
 */
export function testMode(): TestMode {
  const value = globalThis.process?.env.NLWIRE_TEST
  if (value === undefined || value === '') return 'replay'
  if (value === 'replay' || value === 'kernel' || value === 'record') return value
  throw new OptionError('NLWIRE_TEST', value, 'replay, kernel or record')
}

/** How a test's host behaves: as a replay, and what the head of its recording says. */
export interface TestHostOptions extends ReplayHostOptions, Omit<RecordOptions, 'save'> {
  /** Default: what NLWIRE_TEST says. */
  readonly mode?: TestMode
  /** The kernel to run on and record. Default: this machine's. */
  readonly on?: Host
}

const isMode = oneOf('replay', 'kernel', 'record')
const { save: _, ...recording } = recordOptions
const testHostOptions: OptionTable<TestHostOptions> = { ...recording, ...replayHostOptions, mode: isMode, on: isHost }

/** A host for one test. */
export interface TestHost extends Host {
  readonly mode: TestMode
  /**
   * The end of the test: writes the recording, or checks that it was used up.
   * @throws ReplayError with all that is left over, unless a request failed before
   */
  done(): void
  [Symbol.dispose](): void
}

/**
 * A host for one test, for `openRtnl({ host })`: it answers from the file; with NLWIRE_TEST=kernel it is the kernel,
 * and with NLWIRE_TEST=record the kernel, and the file is written. Call `done` at the end; `withTestHost` does.
 * @throws as replayHost does
 * @example
 * using host = testHost('test/add-ipvlan.nl')
 * await using rtnl = await openRtnl({ host })
 */
export function testHost(file: string | URL, options: TestHostOptions = {}): TestHost {
  checkFile('file', file)
  checkOptions('testHost', options, testHostOptions)
  const { mode = testMode(), on = kernelHost } = options
  const as = (host: Host, done: () => void): TestHost => ({ ...host, mode, done, [Symbol.dispose]: done })
  if (mode === 'kernel') return as(on, () => {})
  if (mode === 'replay') {
    checkRecorded(file)
    const { host, assertDone } = replayHost(file, options)
    return as(host, assertDone)
  }
  const { host, recording } = recordingHost(on)
  return as(host, () => save(file, recording(titled(file, options)), options.family))
}

/**
 * Runs a test on a host, and checks at its end that the recording was used up. A test that fails is told as it failed,
 * and is not recorded.
 * @example it('adds', () => withTestHost('test/add.nl', async (host) => { await using rtnl = await openRtnl({ host }) }))
 */
export async function withTestHost<T>(
  file: string | URL,
  test: (host: TestHost) => T | Promise<T>,
  options: TestHostOptions = {},
): Promise<T> {
  isFunction('test', test)
  const host = testHost(file, options)
  const result = await test(host)
  host.done()
  return result
}

/** How a test's transport behaves. */
export interface TestTransportOptions extends ReplayOptions, RecordOptions {
  /** Default: what NLWIRE_TEST says. */
  readonly mode?: TestMode
  /** Opens the kernel's socket. Default: one for the protocol of the family, NETLINK_ROUTE where none is given. */
  readonly open?: () => Transport
}

const testTransportOptions: OptionTable<TestTransportOptions> = {
  ...recordOptions,
  ...replayOptions,
  mode: isMode,
  open: isFunction,
}

/**
 * The same for one transport: for `new Conversation` and `openRtnl({ transport })`. What ends the test is closing it.
 * @example await using rtnl = await openRtnl({ transport: testTransport('test/links.nl') })
 */
export function testTransport(file: string | URL, options: TestTransportOptions = {}): Transport {
  checkFile('file', file)
  checkOptions('testTransport', options, testTransportOptions)
  const { mode = testMode(), family } = options
  const open = options.open ?? (() => openKernel({ protocol: family?.protocol ?? 0 }))
  if (mode === 'kernel') return open()
  if (mode === 'record') return record(open(), file, options)
  checkRecorded(file)
  return replay(file, options)
}
