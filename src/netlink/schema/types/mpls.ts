/** MPLS label stacks as text (struct mpls_label, linux/mpls.h). */
import { type Leaf, leaf, Malformed } from '../type.js'

// One entry of the stack: label 20 bits, traffic class 3, bottom of stack 1, time to live 8; always big-endian.
const ENTRY = /^(\d{1,7})(?::([0-7]):([01]):(\d{1,3}))?$/

function parseEntry(text: string, last: boolean): number | undefined {
  const match = ENTRY.exec(text)
  if (!match) return undefined
  const label = Number(match[1])
  const [trafficClass, ttl] = [Number(match[2] ?? 0), Number(match[4] ?? 0)]
  const bottom = match[3] === undefined ? Number(last) : Number(match[3])
  if (label > 0xfffff || ttl > 255) return undefined
  return ((label << 12) | (trafficClass << 9) | (bottom << 8) | ttl) >>> 0
}

function parseStack(text: string): number[] | undefined {
  const parts = text.split('/')
  const entries = parts.map((part, i) => parseEntry(part, i === parts.length - 1))
  return entries.every((entry) => entry !== undefined) ? entries : undefined
}

function entryText(entry: number, last: boolean): string {
  const label = entry >>> 12
  const rest = entry & 0xfff
  // The usual entry has neither class nor ttl, and only the last one is the bottom of the stack.
  if (rest === (last ? 0x100 : 0)) return String(label)
  return `${label}:${(rest >> 9) & 7}:${(rest >> 8) & 1}:${rest & 0xff}`
}

/**
 * A stack of MPLS labels, the outermost first: `100/200`. An entry with a traffic class, a time to live or an unusual
 * bottom-of-stack bit is written out as `label:class:bottom:ttl`.
 */
export const mplsLabels: Leaf<string> = leaf<string>({
  kind: 'notation',
  name: 'mpls-labels',
  minimum: 4,
  problem: (value) =>
    typeof value === 'string' && parseStack(value)
      ? undefined
      : { kind: 'notation', what: 'MPLS labels', examples: ['100', '100/200'] },
  read(r, at, end) {
    if ((end - at) % 4 !== 0) throw new Malformed(at, `MPLS labels take 4 bytes each, which ${end - at} bytes are not`)
    let text = ''
    for (let p = at; p < end; p += 4) {
      if (p > at) text += '/'
      text += entryText(r.view.getUint32(p), p + 4 === end)
    }
    return text
  },
  write(w, value) {
    for (const entry of parseStack(value)!) {
      const at = w.take(4)
      w.view.setUint32(at, entry)
    }
  },
  show: String,
})
