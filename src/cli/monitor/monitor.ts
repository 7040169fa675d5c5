/** The monitor: prints what it hears, and after an overrun what was missed. */
import { type ByteOrder, type Transport, TransportError } from '../../netlink/index.js'
import { type Parsed, parse } from '../messages/messages.js'
import { flush } from '../output/output.js'
import { listen } from './datagrams.js'
import { groupName, groupsOf } from './groups.js'
import { MOST } from './object-cache.js'
import { type Origin, remark, type TellOptions, tell, tellLost } from './print.js'
import type { MonitorState } from './watch.js'

/** How long to wait before lists that change all the time are read again, in milliseconds. */
const PAUSE = 1000

/** What the command line says. */
export interface MonitorPrinting extends TellOptions {
  readonly groups: readonly string[]
  /** End after so many messages. */
  readonly count?: number | undefined
  /** A recording, which has an end. */
  readonly replay?: string | undefined
}

/** One run of the monitor. */
export class Monitor {
  sound = true
  readonly #command: MonitorPrinting
  readonly #watch: MonitorState | undefined
  #left: number
  /** Something was lost, and what was missed is not told yet. */
  #stale = false
  /** A list changed while it was read: when to read again, as Date.now() has it. */
  #again: number | undefined

  constructor(command: MonitorPrinting, watch: MonitorState | undefined) {
    this.#command = command
    this.#watch = watch
    this.#left = command.count ?? Number.POSITIVE_INFINITY
  }

  /**
   * @param drops how many datagrams were lost so far, where that is known
   * @returns whether it heard everything: false when it ended after --count messages
   */
  async run(transport: Transport, signal: AbortSignal, drops: () => number | undefined): Promise<boolean> {
    const { byteOrder } = transport
    await this.#read(byteOrder)
    await remark(`listening to ${groupsOf(this.#command.groups).map(groupName).join(', ')}`, this.#command)
    const wait = () => (this.#command.replay !== undefined ? 'end' : this.#again === undefined ? undefined : PAUSE)
    for await (const heard of listen(transport, { signal, wait, drops })) {
      if (heard === 'quiet') {
        await this.#read(byteOrder)
        await flush()
      } else if ('lost' in heard) {
        await tellLost(heard.lost, this.#command)
        this.#stale = true
      } else {
        const parsed = parse({ ...heard, where: '', byteOrder }, {})
        this.#watch?.take(heard, parsed)
        await this.#tell(parsed, { ...heard, netns: this.#watch?.nameOf(heard.nsid) })
      }
      if (this.#left <= 0) return false
    }
    return true
  }

  async #tell(parsed: Parsed, origin: Origin): Promise<void> {
    if (this.#left <= 0) return
    if (!(await tell(parsed, origin, this.#command))) this.sound = false
    this.#left -= parsed.items.length
  }

  /** Reads what is to be read: what was missed, or namespaces that are new. */
  async #read(byteOrder: ByteOrder): Promise<void> {
    if (!this.#watch || Date.now() < (this.#again ?? 0)) return
    try {
      if (this.#stale) await this.#resync(this.#watch, byteOrder)
      else await this.#watch.catchUp()
      this.#stale = false
      this.#again = undefined
    } catch (error) {
      if (!(error instanceof TransportError) || error.code !== 'ERR_NETLINK_INTERRUPTED') throw error
      if (this.#again === undefined)
        await remark('what is there changes while it is read: it is read again later', this.#command)
      this.#again = Date.now() + PAUSE
    }
  }

  /** Says what was missed. */
  async #resync(watch: MonitorState, byteOrder: ByteOrder): Promise<void> {
    const found = { new: 0, changed: 0, gone: 0 }
    for await (const { what, bytes, group, nsid } of watch.missed()) {
      found[what]++
      const parsed = parse({ bytes, where: '', byteOrder, direction: 'received' }, {})
      await this.#tell(parsed, { group, nsid, netns: watch.nameOf(nsid), missed: what })
    }
    const { json } = this.#command
    if (!json) await remark(`missed: ${found.new} new, ${found.changed} changed, ${found.gone} gone`, this.#command)
    for (const nsid of watch.unreadable)
      await remark(`what is missed in nsid ${nsid} is not told: it has no name to open it by`, this.#command)
    for (const group of watch.tooMany)
      await remark(`what is missed of ${groupName(group)} is not told: there are more than ${MOST}`, this.#command)
  }
}
