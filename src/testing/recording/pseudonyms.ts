/** Ready-made replacements for `redact`. */
import type { Pseudonym } from './redact-options.js'

const isMac = (value: string): boolean => /^[0-9a-f]{2}(:[0-9a-f]{2})+$/i.test(value)
/** What means the same on every machine. */
const common = /^(127\.|0\.0\.0\.0$|255\.255\.255\.255$|::1?$|(ff:)+ff$|(00:)*00$)/

/** A copy in which every number is 0, but `num`: how many counters follow, by which they are read. */
function zeros(value: unknown): unknown {
  if (typeof value === 'number') return 0
  if (typeof value === 'bigint') return 0n
  if (typeof value !== 'object' || value === null || value instanceof Uint8Array) return value
  if (Array.isArray(value)) return value.map(zeros)
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, name === 'num' ? one : zeros(one)]))
}

/** A hardware address of the same length that is nobody's. */
function macOf(length: number, number: number): string {
  const bytes = Array.from({ length }, (_, i) => {
    const place = length - 1 - i
    return place < 4 ? (number >>> (8 * place)) & 255 : 0
  })
  bytes[0] = 2
  return bytes.map((byte) => byte.toString(16).padStart(2, '0')).join(':')
}

/** Replacements: the first value gets the first name, and so on. */
export const pseudonyms = {
  /** `if1`, `if2`, ...; `lo` stays. */
  name: (value, number) => (value === 'lo' ? value : `if${number}`),
  /**
   * 192.0.2.1, ... and 2001:db8::1, ..., which are set aside for documents, and 02:00:00:00:00:01, ...; loopback,
   * unspecified and broadcast addresses stay.
   */
  address: (value, number) => {
    if (typeof value !== 'string' || common.test(value)) return value
    if (isMac(value)) return macOf((value.length + 1) / 3, number)
    if (value.includes(':'))
      return `2001:db8::${[number >>> 16, number & 0xffff].map((one) => one.toString(16)).join(':')}`.replace(
        '::0:',
        '::',
      )
    if (!/^\d+\.\d+\.\d+\.\d+$/.test(value)) return value
    return number < 255 ? `192.0.2.${number}` : `198.${18 + (number >>> 16)}.${(number >> 8) & 255}.${number & 255}`
  },
  /** `ns1`, `ns2`, ...: names of namespaces. */
  namespace: (_, number) => `ns${number}`,
  /** `text1`, `text2`, ...: what people wrote. An empty text stays. */
  text: (value, number) => (value === '' ? value : `text${number}`),
  /** Counters and times: 0, however deep. */
  zero: zeros,
} as const satisfies Record<string, Pseudonym>

/**
 * What is another at every run without meaning anything: counters, and the times of addresses and routes. For
 * `redact: { paths: volatile }`, so that recording again gives a small diff.
 */
export const volatile: Readonly<Record<string, Pseudonym>> = {
  stats: pseudonyms.zero,
  stats64: pseudonyms.zero,
  icmp6stats: pseudonyms.zero,
  cacheinfo: pseudonyms.zero,
}
