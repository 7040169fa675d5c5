/**
 * Hostile bytes: recorded messages, mutated. Only a DecodeError is ever thrown, each in bounded time; nothing outside
 * the message is read; what decodes can be encoded to the same bytes; and the dissector never throws at all.
 * NLWIRE_FUZZ sets the number of mutations (100,000 by default), NLWIRE_FUZZ_SEED the seed.
 */
import { expect } from 'chai'
import { verifyCanonical } from '../../../src/netlink/codec/canonical.js'
import {
  annotate,
  type ByteOrder,
  DecodeError,
  decode,
  dissect,
  encode,
  equal,
  type Protocol,
  toHex,
  unknownProtocol,
} from '../../../src/netlink/index.js'
import { findProtocol } from '../../../src/rtnl/index.js'
import { convertByteOrder } from '../../../src/testing/index.js'
import { recordings } from '../../support/fixtures.js'

const RUNS = Number(process.env.NLWIRE_FUZZ ?? 100_000)
const SEED = Number(process.env.NLWIRE_FUZZ_SEED ?? 20261123)
/** Far beyond what a datagram of this size takes (under 1 ms), and far below a hang. Of the processor: it may be busy. */
const LIMIT_MS = 2000
const spent = () => process.cpuUsage().user / 1000

/** A small, fast, seeded generator (mulberry32), so that every failure can be repeated. */
function random(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296
  }
}

/** Puts the last bytes into so many nests of one type, far deeper than the kernel goes: the type may be a real nest. */
function nest(source: Uint8Array, depth: number, little: boolean, next: () => number): Uint8Array<ArrayBuffer> {
  const from = Math.min(source.length, (16 + Math.floor((next() * source.length) / 4)) & ~3)
  const rest = source.subarray(from)
  const bytes = new Uint8Array(source.length + 4 * depth)
  const view = new DataView(bytes.buffer)
  bytes.set(source.subarray(0, from))
  const type = Math.floor(next() * 64) | (next() < 0.5 ? 0x8000 : 0)
  for (let level = 0; level < depth; level++) {
    const at = from + 4 * level
    view.setUint16(at, bytes.length - at, little)
    view.setUint16(at + 2, type, little)
  }
  bytes.set(rest, from + 4 * depth)
  return bytes
}

function mutate(source: Uint8Array, other: Uint8Array, little: boolean, next: () => number): Uint8Array {
  let bytes = source.slice()
  const pick = (limit: number) => Math.floor(next() * limit)
  for (let edits = 1 + pick(4); edits > 0; edits--) {
    if (bytes.length === 0) return bytes
    const at = pick(bytes.length)
    const kind = pick(8)
    if (kind === 0) bytes[at] = pick(256)
    else if (kind === 1) bytes[at] = bytes[at]! ^ (1 << pick(8))
    else if (kind === 2) bytes = bytes.slice(0, at)
    else if (kind === 3) bytes[at & ~3] = [0, 1, 3, 4, 0xff][pick(5)]!
    else if (kind === 4) bytes.set(bytes.slice(pick(bytes.length)).subarray(0, bytes.length - at), at)
    else if (kind === 5) bytes.set(other.subarray(0, Math.min(other.length, bytes.length - at)), at)
    else if (kind === 6) bytes.fill(0xff, at, at + 4)
    else bytes = nest(bytes, 1 + pick(60), little, next)
  }
  // Mostly the message's own length is right again, so that the mutation is reached and not refused at the door.
  if (next() < 0.8 && bytes.length >= 16) new DataView(bytes.buffer).setUint32(0, bytes.length, little)
  return bytes
}

/** The bytes inside a larger buffer, with one message right before them and another right behind. */
function between(bytes: Uint8Array, before: Uint8Array, behind: Uint8Array): Uint8Array {
  const buffer = new Uint8Array(before.length + bytes.length + behind.length)
  buffer.set(before)
  buffer.set(bytes, before.length)
  buffer.set(behind, before.length + bytes.length)
  return buffer.subarray(before.length, before.length + bytes.length)
}

/** What decoding, or its error, and dissecting come to, as text. */
function outcomeOf(family: Protocol, bytes: Uint8Array, byteOrder: ByteOrder): string {
  const plain = (_key: string, value: unknown) =>
    typeof value === 'bigint' ? `${value}n` : value instanceof Uint8Array ? toHex(value) : value
  let decoded: unknown
  try {
    decoded = decode(family, bytes, { byteOrder, lossless: true })
  } catch (error) {
    decoded = String(error)
  }
  return JSON.stringify([decoded, annotate(bytes, dissect(family, bytes, { byteOrder }))], plain)
}

/** A recorded datagram, with the protocol that it is of. */
interface Source {
  readonly family: Protocol
  readonly bytes: Uint8Array
}

/** The recorded bytes as a big-endian machine would have sent them, where that can be told of all of them. */
function turned({ family, bytes }: Source): Source[] {
  try {
    return [{ family, bytes: convertByteOrder(family, bytes, 'little') }]
  } catch (error) {
    if (error instanceof DecodeError) return []
    throw error
  }
}

describe(`hostile bytes (${RUNS} mutated recordings)`, function () {
  before(() => verifyCanonical(true))
  after(() => verifyCanonical(false))
  this.timeout(600_000)

  it('only DecodeError is thrown, in bounded time, and what decodes survives encoding', () => {
    const next = random(SEED)
    const little = recordings().flatMap(({ recording }): Source[] => {
      const family = findProtocol(recording.family) ?? unknownProtocol
      return recording.exchanges.flatMap((one) => ('bytes' in one ? [{ family, bytes: one.bytes }] : []))
    })
    const big = little.flatMap(turned)
    expect(big.length).to.be.greaterThan(little.length * 0.9)
    expect(little.length).to.be.greaterThan(100)
    let decoded = 0
    let slowest = 0
    for (let run = 0; run < RUNS; run++) {
      const byteOrder = run % 4 === 0 ? 'big' : 'little'
      const sources = byteOrder === 'big' ? big : little
      const { family, bytes: source } = sources[Math.floor(next() * sources.length)]!
      const other = sources[Math.floor(next() * sources.length)]!.bytes
      const mutated = mutate(source, other, byteOrder === 'little', next)
      // Around the message lie others, as in the buffer that is received into.
      const bytes = between(mutated, source, other)
      const whole = new Uint8Array(bytes)
      // As sockets and files of Node give them, and used again while what was decoded is still there.
      const given = run % 2 === 0 ? bytes : Buffer.from(bytes)
      const started = spent()
      try {
        const messages = decode(family, given, { byteOrder, lossless: true })
        if (given !== bytes) given.fill(0xaa)
        decoded++
        const again = encode(family, messages, { byteOrder })
        if (!equal(again, whole)) expect.fail(`run ${run}: ${toHex(whole)} became ${toHex(again)}`)
      } catch (error) {
        if (!(error instanceof DecodeError)) throw new Error(`run ${run}: ${toHex(bytes)}`, { cause: error })
      }
      // Beside other neighbours all is the same: nothing outside the message is read.
      if (run % 3 === 0) {
        const beside = outcomeOf(family, between(mutated, other, source), byteOrder)
        if (beside !== outcomeOf(family, mutated.slice(), byteOrder)) expect.fail(`run ${run}: ${toHex(bytes)}`)
      }
      family.learn?.(bytes, byteOrder)
      if (run % 10 === 0) annotate(bytes, dissect(family, bytes, { byteOrder }))
      slowest = Math.max(slowest, spent() - started)
    }
    expect(decoded, 'mutations that still decode').to.be.greaterThan(RUNS / 50)
    expect(slowest, 'the slowest, in milliseconds').to.be.lessThan(LIMIT_MS)
  })
})
