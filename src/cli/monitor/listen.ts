/** The datagrams of multicast groups as they come, straight from a transport: with their bytes, and decoded by nobody. */
import { setImmediate } from 'node:timers/promises'
import type { Slot, Transport } from '../../netlink/index.js'

/** One datagram to a group. */
export interface Heard {
  readonly bytes: Uint8Array
  readonly group: number
  /** The namespace that it is about, by our id for it; -1 for the socket's own. */
  readonly nsid: number
}

/** Holds every event that the kernel makes; a larger one is cut, and counts as lost. */
const SLOT = 1 << 17
/** So many without a turn of the event loop, which brings signals. */
const TURN = 256

/**
 * What comes in, in its order, until the signal is aborted. `lost`: the queue was full, and what did not fit is gone;
 * the datagrams that follow are older than that, up to the next `quiet`: nothing more waits.
 * @param wait what to do then: wait for ever, or for so many milliseconds and be quiet again; a recording ends
 */
export async function* listen(
  transport: Transport,
  signal: AbortSignal,
  wait: () => 'end' | number | undefined,
): AsyncGenerator<Heard | 'lost' | 'quiet', void, undefined> {
  let quiet = false
  const slot: Slot = { bytes: new Uint8Array(SLOT), length: 0, port: 0, group: 0, nsid: -1 }
  for (let count = 1; !signal.aborted; count++) {
    const received = transport.receive(slot)
    const before = quiet
    quiet = received === 'empty'
    if (received === 'datagram') {
      const { group, nsid } = slot
      // A process can send to our port, but only the kernel is believed.
      if (slot.port === 0) yield { bytes: slot.bytes.slice(0, slot.length), group, nsid }
    } else if (!quiet) yield 'lost'
    else if (!before) yield 'quiet'
    else {
      const longest = wait()
      if (longest === 'end') return
      await readable(transport, signal, longest)
      quiet = false
    }
    if (count % TURN === 0) await setImmediate()
  }
}

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
