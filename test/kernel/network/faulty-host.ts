/** A host whose kernel fails at a change that is chosen: refuses it, or is not heard again. */
import type { Transport } from '../../../src/index.js'
import { kernelHost, TransportError } from '../../../src/index.js'
import type { Host } from '../../../src/rtnl/client/host.js'

/** refused: the kernel says EPERM. unsent: it never comes to the kernel. unheard: it is carried out, and nobody hears so. */
export type Fault = 'refused' | 'unsent' | 'unheard'
export const faults: readonly Fault[] = ['refused', 'unsent', 'unheard']

const EPERM = 1
const NLMSG_ERROR = 2

/**
 * @param at called before each change with its number, from 1; what it returns happens
 * @param sent called after each change that was sent
 */
export function faultyHost(at: (change: number) => Fault | undefined, sent?: (change: number) => void): Host {
  let changes = 0
  return {
    ...kernelHost,
    open(where, options) {
      const kernel = kernelHost.open(where, options)
      const answers: Uint8Array[] = []
      const transport: Partial<Transport> = {
        send(bytes, length) {
          const view = new DataView(bytes.buffer, bytes.byteOffset, length)
          const little = kernel.byteOrder === 'little'
          // RTM_GET* is every fourth number from 18.
          if (view.getUint16(4, little) % 4 === 2) return kernel.send(bytes, length)
          changes += 1
          const fault = at(changes)
          if (fault === 'refused') {
            answers.push(refusal(bytes, kernel.port, little))
            return
          }
          if (fault !== 'unsent') kernel.send(bytes, length)
          sent?.(changes)
          if (fault !== undefined) throw new TransportError('ERR_NETLINK_SYSCALL', `change ${changes} is ${fault}`)
        },
        receive(slot) {
          const answer = answers.shift()
          if (answer === undefined) return kernel.receive(slot)
          slot.bytes.set(answer)
          Object.assign(slot, { length: answer.length, port: 0, group: 0, nsid: -1 })
          return 'datagram'
        },
      }
      return new Proxy(kernel, {
        get: (target, name) => {
          // What is sent and received at once would pass by unseen.
          if (name === 'exchange') return undefined
          const value = transport[name as keyof Transport] ?? Reflect.get(target, name)
          return typeof value === 'function' ? value.bind(name in transport ? transport : target) : value
        },
      })
    },
  }
}

/** struct nlmsgerr: the errno, and the request's header. */
function refusal(bytes: Uint8Array, port: number, little: boolean): Uint8Array {
  const answer = new Uint8Array(36)
  const view = new DataView(answer.buffer)
  view.setUint32(0, 36, little)
  view.setUint16(4, NLMSG_ERROR, little)
  view.setUint16(6, 0x100, little)
  answer.set(bytes.subarray(8, 12), 8)
  view.setUint32(12, port, little)
  view.setInt32(16, -EPERM, little)
  answer.set(bytes.subarray(0, 16), 20)
  return answer
}
