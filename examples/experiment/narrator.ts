/** Tells what happens, with each message as annotated hex. */
import { annotate, type ByteOrder, dissect, hostByteOrder } from 'nlwire/netlink'
import { route } from 'nlwire/rtnl'
import type { Exchange } from 'nlwire/testing'

export class Narrator {
  readonly #byteOrder: ByteOrder
  #steps = 0
  constructor(byteOrder: ByteOrder = hostByteOrder) {
    this.#byteOrder = byteOrder
  }

  say(text: string): void {
    console.log(text)
  }

  step(text: string): void {
    this.#steps++
    console.log(`\n== ${this.#steps}. ${text}`)
  }

  /** A datagram as it goes out (>) or comes back (<), with the socket that it went over. */
  exchange(exchange: Exchange): void {
    if (!('bytes' in exchange)) {
      console.log('\n< datagrams were lost here')
      return
    }
    const { direction, bytes, socket = 0 } = exchange
    const fields = dissect(route, bytes, { byteOrder: this.#byteOrder })
    console.log(
      `\n${direction === 'sent' ? '>' : '<'} ${fields.map((field) => field.name).join(', ')}  (socket ${socket})`,
    )
    for (const line of annotate(bytes, fields)) console.log(line)
  }
}
