/** Errors that rtnetlink's client adds to those of the protocol. */
import { NetlinkError } from '../netlink/errors.js'

/** A link of kind ipvlan or ipvtap on the same parent. */
export interface Sibling {
  readonly ifname: string
  readonly ifiIndex: number
  /** What it has now: `l3`. */
  readonly mode: string | number | undefined
  readonly flags: readonly (string | number)[]
  /** The namespace that it is in, by the id that ours has for it; undefined when it is in ours. */
  readonly nsid: number | undefined
  /** The name of that namespace, where it was found by its name. */
  readonly netns: string | undefined
}

/**
 * The change would switch other links: mode and flags of an ipvlan belong to its parent, so all links on that parent
 * share them, and the kernel switches them without a word. Nothing was sent.
 */
export class SiblingError extends NetlinkError {
  override readonly name = 'SiblingError'
  readonly code = 'ERR_NETLINK_SIBLINGS'
  /** The parent that they share, by its index. */
  readonly parent: number
  /** Those that would be switched. */
  readonly siblings: readonly Sibling[]
  /** What would happen, without what to do about it: that depends on who reads it. */
  readonly reason: string
  constructor(parent: number, wanted: string, siblings: readonly Sibling[]) {
    const list = siblings.map((sibling) => {
      const where = sibling.netns ?? (sibling.nsid === undefined ? undefined : `nsid ${sibling.nsid}`)
      const flags = sibling.flags.length === 0 ? '' : ` ${sibling.flags.join(' ')}`
      return `${sibling.ifname} (index ${sibling.ifiIndex}${where === undefined ? '' : `, in ${where}`}: ${sibling.mode}${flags})`
    })
    const reason =
      `${wanted} would switch ${siblings.length} other ipvlan link${siblings.length === 1 ? '' : 's'} on the same parent ` +
      `(index ${parent}): ${list.join(', ')}. Mode and flags belong to the parent`
    super(`${reason}. Use theirs, or give siblings: 'switch' to switch them all`)
    this.reason = reason
    this.parent = parent
    this.siblings = siblings
  }
}

/** Tells with an error what failed while it was cleaned up after it. */
export function suppress(error: unknown, failed: unknown): void {
  if (!(error instanceof Error)) return
  const { suppressed = [] } = error as NetlinkError
  Object.assign(error, { suppressed: [...suppressed, failed] })
}

/**
 * The change was made, but what it made could not be read back: do not ask for it again. `cause` says why it could not
 * be read.
 */
export class CreatedButUnreadError extends NetlinkError {
  override readonly name = 'CreatedButUnreadError'
  readonly code = 'ERR_NETLINK_READBACK'
  constructor(what: string, cause?: unknown) {
    const why =
      cause instanceof Error ? cause.message : cause === undefined ? 'it is not found any more' : String(cause)
    super(`${what} was made, but could not be read back: ${why}`, cause === undefined ? undefined : { cause })
  }
}
