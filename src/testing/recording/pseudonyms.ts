/** Ready-made replacements for `redact`. */
import type { Pseudonym } from './redact.js'

const isMac = (value: unknown): boolean => /^([0-9a-f]{2}:){5}[0-9a-f]{2}$/.test(String(value))
/** What means the same on every machine. */
const common = /^(127\.|0\.0\.0\.0$|255\.255\.255\.255$|::1?$|(ff:){5}ff$|(00:){5}00$)/

/** A copy in which every number is 0, but `num`: how many counters follow, by which they are read. */
function zeros(value: unknown): unknown {
  if (typeof value === 'number') return 0
  if (typeof value === 'bigint') return 0n
  if (typeof value !== 'object' || value === null || value instanceof Uint8Array) return value
  if (Array.isArray(value)) return value.map(zeros)
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, name === 'num' ? one : zeros(one)]))
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
    const [high, low] = [(number >> 8) & 255, number & 255]
    if (isMac(value)) return `02:00:00:00:${[high, low].map((byte) => byte.toString(16).padStart(2, '0')).join(':')}`
    if (value.includes(':')) return `2001:db8::${number.toString(16)}`
    return number < 255 ? `192.0.2.${number}` : `198.18.${high}.${low}`
  },
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
