/** What a test needs of the machine, and how it skips, saying why, where that is missing. */
import { TransportError } from '../../src/netlink/errors.js'
import { netns } from '../../src/netlink/socket/netns.js'
import { loadShim } from '../../src/netlink/socket/shim.js'

/** Something that a machine may lack. */
export interface Layer {
  readonly name: string
  /** Why it is missing; undefined when it is there. Asked once. */
  missing(): string | undefined
}

/**
 * A layer by its name and a probe, which is run once and gives the reason why the layer is missing, or undefined. A
 * probe throws when the layer is there and broken: that is a failure, nothing to skip for.
 */
export function layer(name: string, probe: () => string | undefined): Layer {
  let answer: { reason: string | undefined } | undefined
  return {
    name,
    missing: () => {
      answer ??= { reason: probe() }
      return answer.reason
    },
  }
}

/** The message of an error that means that something is missing; any other error is thrown. */
function reasonOf(run: () => unknown): string | undefined {
  try {
    run()
    return undefined
  } catch (error) {
    if (error instanceof TransportError && missingCodes.includes(error.code)) return error.message
    throw error
  }
}

const missingCodes: readonly string[] = ['ERR_NETLINK_PERMISSION', 'ERR_NETLINK_UNSUPPORTED', 'ERR_NETLINK_NO_SHIM']

/** Linux, with the native shim built. */
export const shim = layer('the native shim', () => reasonOf(loadShim))

/** Root that can make network namespaces. */
export const root = layer('root', () => {
  const name = `nlw-probe-${process.pid}`
  const reason = reasonOf(() => netns.create(name))
  if (reason === undefined) netns.delete(name)
  return reason
})

/**
 * Skips the test (or, from a before hook, the suite) unless the layer is there or the condition holds, and prints why.
 * With CI=true nothing may be skipped: it throws.
 * @example
 * before(function () { needs(this, root) })
 * it('...', function () { needs(this, existsSync('/usr/sbin/ip'), 'there is no ip command') })
 */
export function needs(context: Mocha.Context, what: Layer | boolean, reason = 'a condition does not hold'): void {
  const missing = typeof what === 'boolean' ? (what ? undefined : reason) : what.missing()
  if (missing === undefined) return
  const why = typeof what === 'boolean' ? missing : `needs ${what.name}: ${missing}`
  if (process.env.CI === 'true') throw new Error(`skipped, but with CI=true every test must run: ${why}`)
  console.log(`    skipped: ${why}`)
  context.skip()
}
