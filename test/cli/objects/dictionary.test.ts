/** Every value that a kernel ever told in the recordings, given back as NAME VALUE. */
import { expect } from 'chai'
import { addressWords } from '../../../src/cli/objects/address/command.js'
import type { Dictionary } from '../../../src/cli/objects/grammar/dictionary.js'
import { snake, Words } from '../../../src/cli/objects/grammar/words.js'
import { kindWords, linkWords } from '../../../src/cli/objects/link/words.js'
import { routeMetricWords, routeWords } from '../../../src/cli/objects/route/words.js'
import { jsonText } from '../../../src/cli/output/json-text.js'
import { type AttributeSet, DecodeError, decode, type Message, toHex } from '../../../src/netlink/index.js'
import {
  addressAttributes,
  kinds,
  linkAttributes,
  route,
  routeAttributes,
  routeMetrics,
  slaveKinds,
} from '../../../src/rtnl/index.js'
import { recordings } from '../../support/fixtures.js'

/** A value as one would write it. */
function written(value: unknown): string {
  if (typeof value === 'string') return value
  if (value === true) return 'on'
  if (value instanceof Uint8Array) return toHex(value)
  if (Array.isArray(value) && value.every((one) => typeof one !== 'object')) return value.join(',') || 'none'
  return typeof value === 'object' ? jsonText(value) : String(value)
}

const seen = new Set<string>()

function expectBack(
  dictionary: Dictionary,
  set: AttributeSet,
  values: Record<string, unknown> = {},
  owner: object = {},
): void {
  for (const { name, selector } of set.list) {
    const value = values[name]
    if (value === undefined || selector || name === 'pad' || name === 'linkinfo') continue
    const text = written(value)
    const into: Record<string, unknown> = { ...owner }
    const words = new Words([snake(name), text], 'test')
    expect(dictionary.take(words, into), name).to.equal(true)
    expect(into[name], `${name} ${text}`).to.deep.equal(value)
    seen.add(`${set.name}.${name}`)
  }
}

type Body = Record<string, never> & {
  readonly linkinfo?: { kind?: string; data?: never; slaveKind?: string; slaveData?: never }
  readonly metrics?: never
}

function messagesIn(bytes: Uint8Array, byteOrder: 'little' | 'big'): Message[] {
  try {
    return decode(route, bytes, { byteOrder }) as Message[]
  } catch (error) {
    if (error instanceof DecodeError) return []
    throw error
  }
}

describe('the words for attributes', () => {
  it('take back every value of every recording', () => {
    // Requests that were made wrong on purpose are left out.
    for (const { recording } of recordings().filter((one) => !one.recording.title.includes('changing bytes')))
      for (const exchange of recording.exchanges) {
        if (!('bytes' in exchange)) continue
        for (const { type, body: any } of messagesIn(exchange.bytes, recording.byteOrder)) {
          const body = any as Body
          const { linkinfo: info } = body
          if (/LINK/.test(String(type))) expectBack(linkWords, linkAttributes, body, { ifiFamily: body.ifiFamily })
          if (info?.data) expectBack(kindWords(info.kind!)!, kinds[info.kind as keyof typeof kinds], info.data)
          if (info?.slaveData)
            expectBack(kindWords(`${info.slaveKind}_slave`)!, slaveKinds[info.slaveKind as 'bridge'], info.slaveData)
          if (/ADDR/.test(String(type))) expectBack(addressWords, addressAttributes, body)
          if (/ROUTE/.test(String(type))) {
            // What ip calls src is prefsrc; src itself is from.
            const { metrics, src: _, ...rest } = body
            expectBack(routeWords, routeAttributes, rest, { rtmFamily: body.rtmFamily })
            expectBack(routeMetricWords, routeMetrics, metrics)
          }
        }
      }
    expect(seen.size).to.be.greaterThan(150)
  })
})
