/** How many datagrams the kernel could not put into a socket's queue. */
import { readFileSync } from 'node:fs'

/**
 * The kernel's count for one socket of the namespace that this process is in (linux: /proc/net/netlink).
 * @param protocol its netlink protocol
 * @param port its netlink port
 * @returns undefined where the file does not have the socket: on another system, or for one of another namespace
 * @example droppedBy(0, 4711) // 0
 */
export function droppedBy(protocol: number, port: number): number | undefined {
  let text: string
  try {
    text = readFileSync('/proc/net/netlink', 'utf8')
  } catch {
    return undefined
  }
  const [head = '', ...lines] = text.split('\n')
  const names = head.trim().split(/\s+/)
  const at = (name: string) => names.indexOf(name)
  const row = lines
    .map((line) => line.trim().split(/\s+/))
    .find((one) => Number(one[at('Eth')]) === protocol && Number(one[at('Pid')]) === port)
  const drops = Number(row?.[at('Drops')])
  return Number.isInteger(drops) ? drops : undefined
}
