/** The datagrams of multicast groups as they come, straight from a transport: with their bytes, and decoded by nobody. */

import { setImmediate } from 'node:timers/promises'
import { copyOf } from '../../netlink/bytes/bytes.js'
import type { Slot, Transport } from '../../netlink/index.js'

/** One datagram to a group. */
export interface Heard {
  readonly bytes: Uint8Array
  readonly group: number
  /** The namespace that it is about, by our id for it; -1 for the socket's own. */
  readonly nsid: number
}

/** Here datagrams were lost: the queue was full. */
export interface LostDatagrams {
  /** How many, where that is known. */
  readonly lost: number | undefined
}

/** How to listen. */
export interface ListenOptions {
  readonly signal: AbortSignal
  /** What to do when nothing more waits: wait for ever, or for so many milliseconds and be quiet again; a recording ends. */
  wait(): 'end' | number | undefined
  /** How many datagrams were lost so far, where that is known. */
  drops(): number | undefined
}

/** Holds every event that the kernel makes; a larger one is cut, and counts as lost. */
const SLOT = 1 << 17
/** So many without a turn of the event loop, which brings signals. */
const TURN = 256

/** What comes in, in its order, until the signal is aborted. `quiet`: nothing more waits. */
export async function* listen(
  transport: Transport,
  { signal, wait, drops }: ListenOptions,
): AsyncGenerator<Heard | LostDatagrams | 'quiet', void, undefined> {
  const slot: Slot = { bytes: new Uint8Array(SLOT), length: 0, port: 0, group: 0, nsid: -1 }
  let quiet = false
  let overrun = false
  let dropped = 0
  let held: Iterator<Heard | LostDatagrams> = [].values()
  for (let count = 1; !signal.aborted; count++) {
    const { value } = held.next()
    if (value) yield value
    else if (overrun) {
      // Once it has lost something the kernel adds nothing until all that waits was read: where that ends, something is
      // missing. Read at once: in a flood the queue would be full again before it is ever found empty.
      const waiting: (Heard | LostDatagrams)[] = []
      let received = transport.receive(slot)
      for (; received === 'datagram'; received = transport.receive(slot)) waiting.push(...heardIn(slot))
      overrun = received !== 'empty'
      const all = drops()
      waiting.push({ lost: all === undefined ? undefined : all - dropped })
      dropped = all ?? 0
      held = waiting.values()
    } else {
      const received = transport.receive(slot)
      const before = quiet
      quiet = received === 'empty'
      if (received === 'datagram') yield* heardIn(slot)
      else if (!quiet) overrun = true
      else if (!before) yield 'quiet'
      else {
        const longest = wait()
        if (longest === 'end') return
        await readable(transport, signal, longest)
        quiet = false
      }
    }
    if (count % TURN === 0) await setImmediate()
  }
}

/** What was received. A process can send to our port, but only the kernel is believed. */
const heardIn = ({ bytes, length, port, group, nsid }: Slot): Heard[] =>
  port === 0 ? [{ bytes: copyOf(bytes, 0, length), group, nsid }] : []

/** Waits until something can be received. It is not watched before: it would be told again and again. */
async function readable(transport: Transport, signal: AbortSignal, longest: number | undefined): Promise<void> {
  if (signal.aborted) return
  let wake = () => {}
  const woken = new Promise<void>((resolve) => {
    wake = resolve
  })
  signal.addEventListener('abort', wake)
  transport.onReadable(wake)
  const timer = longest === undefined ? undefined : setTimeout(wake, longest)
  await woken
  clearTimeout(timer)
  transport.onReadable(undefined)
  signal.removeEventListener('abort', wake)
}
