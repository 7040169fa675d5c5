/** IPv4 and IPv6 addresses as text in the usual notation (RFC 5952 for IPv6). */
import { type Leaf, leaf, Malformed } from '../type.js'

const decimal = Array.from({ length: 256 }, (_, byte) => String(byte))
const dotted = decimal.map((text) => `${text}.`)

/** Four bytes as 192.0.2.1. */
function ipv4Text(bytes: Uint8Array, at: number): string {
  // Three joins of ready pieces: half the time of one template with seven.
  return dotted[bytes[at]!]! + dotted[bytes[at + 1]!]! + dotted[bytes[at + 2]!]! + decimal[bytes[at + 3]!]!
}

/** Sixteen bytes as 2001:db8::1: lower case, the longest run of zero groups (the first of two, never a single one) left out. */
function ipv6Text(bytes: Uint8Array, at: number): string {
  if (isMappedIpv4(bytes, at)) return `::ffff:${ipv4Text(bytes, at + 12)}`
  let best = -1
  let bestLength = 1
  for (let i = 0; i < 8; ) {
    let j = i
    while (j < 8 && bytes[at + 2 * j] === 0 && bytes[at + 2 * j + 1] === 0) j++
    if (j - i > bestLength) {
      best = i
      bestLength = j - i
    }
    i = j + 1
  }
  let text = ''
  for (let i = 0; i < 8; i++) {
    if (i === best) {
      text += '::'
      i += bestLength - 1
      continue
    }
    if (i > 0 && !text.endsWith(':')) text += ':'
    text += ((bytes[at + 2 * i]! << 8) | bytes[at + 2 * i + 1]!).toString(16)
  }
  return text
}

function isMappedIpv4(bytes: Uint8Array, at: number): boolean {
  for (let i = 0; i < 10; i++) if (bytes[at + i] !== 0) return false
  return bytes[at + 10] === 0xff && bytes[at + 11] === 0xff
}

/** The four bytes of an IPv4 address, undefined when the text is not one. */
function parseIpv4(text: string): Uint8Array | undefined {
  const number = ipv4Number(text)
  return number < 0 ? undefined : new Uint8Array([number >>> 24, number >>> 16, number >>> 8, number])
}

/** An IPv4 address as a number, -1 when the text is not one: four decimal numbers without needless zeros. */
function ipv4Number(text: string): number {
  let number = 0
  let dots = 0
  let part = -1
  for (let i = 0; i < text.length; i++) {
    const digit = text.charCodeAt(i) - 0x30
    if (digit >= 0 && digit <= 9 && part !== 0) {
      part = part < 0 ? digit : 10 * part + digit
      if (part > 255) return -1
    } else if (text[i] === '.' && part >= 0) {
      number = 256 * number + part
      part = -1
      dots++
    } else return -1
  }
  return dots === 3 && part >= 0 ? 256 * number + part : -1
}

/** The sixteen bytes of an IPv6 address (with :: and with a dotted tail), undefined when the text is not one. */
function parseIpv6(text: string): Uint8Array | undefined {
  let groups = text
  const dotted = /^(.*:)(\d+\.\d+\.\d+\.\d+)$/.exec(text)
  if (dotted) {
    const tail = parseIpv4(dotted[2]!)
    if (!tail) return undefined
    const pair = (i: number) => ((tail[i]! << 8) | tail[i + 1]!).toString(16)
    groups = `${dotted[1]}${pair(0)}:${pair(2)}`
  }
  const halves = groups.split('::')
  if (halves.length > 2) return undefined
  const [head, tail] = halves.map((half) => (half === '' ? [] : half.split(':')))
  const all = [...head!, ...(tail ?? [])]
  if (!all.every((group) => /^[0-9a-f]{1,4}$/i.test(group))) return undefined
  if (tail === undefined ? all.length !== 8 : all.length > 7) return undefined
  const bytes = new Uint8Array(16)
  const put = (list: string[], from: number) =>
    list.forEach((group, i) => {
      const value = Number.parseInt(group, 16)
      bytes[2 * (from + i)] = value >> 8
      bytes[2 * (from + i) + 1] = value & 0xff
    })
  put(head!, 0)
  if (tail) put(tail, 8 - tail.length)
  return bytes
}

/** An IPv4 address by its four bytes, or an IPv6 one by its sixteen. */
export const parseAddress = (text: string): Uint8Array | undefined =>
  text.includes(':') ? parseIpv6(text) : parseIpv4(text)

/** Four or sixteen bytes as text: as the kernel's addresses are decoded. */
export const addressText = (bytes: Uint8Array): string => (bytes.length === 4 ? ipv4Text(bytes, 0) : ipv6Text(bytes, 0))

function addressLeaf(
  name: string,
  size: number | undefined,
  parse: (text: string) => Uint8Array | undefined,
  ...examples: readonly string[]
) {
  return leaf<string>({
    kind: 'address',
    name,
    ...(size === undefined ? { minimum: 4 } : { size }),
    problem: (value) =>
      typeof value === 'string' && parse(value) ? undefined : { kind: 'notation', what: 'an address', examples },
    read(r, at, end) {
      const length = size ?? end - at
      if (length !== end - at) throw new Malformed(at, `${name} takes ${length} bytes, not ${end - at}`)
      if (length === 4) return ipv4Text(r.bytes, at)
      if (length === 16) return ipv6Text(r.bytes, at)
      throw new Malformed(at, `an address takes 4 or 16 bytes, not ${length}`)
    },
    exact: (_r, at, end) => (size === undefined ? end - at === 4 || end - at === 16 : end - at === size),
    tryWrite(w, value) {
      if (typeof value !== 'string') return false
      const number = size === 16 ? -1 : ipv4Number(value)
      if (number >= 0) {
        const at = w.take(4)
        w.view.setUint32(at, number)
        return true
      }
      const bytes = parse(value)
      if (bytes) w.put(bytes)
      return bytes !== undefined
    },
    show: String,
  })
}

/** IPv4 or IPv6, told apart by length: four bytes or sixteen. */
export const address: Leaf<string> = addressLeaf('address', undefined, parseAddress, '192.0.2.1', '2001:db8::1')
/** An IPv4 address, four bytes. */
export const ipv4: Leaf<string> & { readonly size: number } = Object.freeze({
  ...addressLeaf('ipv4', 4, parseIpv4, '192.0.2.1'),
  size: 4,
  alignment: 4,
})
/** An IPv6 address, sixteen bytes. */
export const ipv6: Leaf<string> & { readonly size: number } = Object.freeze({
  ...addressLeaf('ipv6', 16, parseIpv6, '2001:db8::1'),
  size: 16,
  alignment: 4,
})

/**
 * An address of a family that has no notation here, such as AF_PHONET: as an attribute it stays raw bytes.
 * @example byMember('ifaFamily', { inet: ipv4, inet6: ipv6 }, address, otherAddress)
 */
export const otherAddress: Leaf<string> = leaf<string>({
  kind: 'address',
  name: 'address of another family',
  problem: () => ({
    kind: 'notation',
    what: 'an address of the family inet or inet6',
    examples: ['192.0.2.1', '2001:db8::1'],
  }),
  read(_r, at, end) {
    throw new Malformed(at, `${end - at} bytes: addresses of this family have no notation`)
  },
  show: String,
})
