/** Reading takes time in proportion to the bytes: twice as many attributes, twice the work. Counted, not timed. */
import { expect } from 'chai'
import { Reader, Writer } from '../../src/netlink/bytes/bytes.js'
import type { Field } from '../../src/netlink/index.js'
import { AttributeSet } from '../../src/netlink/schema/attributes.js'
import type { AnyType } from '../../src/netlink/schema/type.js'
import { route } from '../../src/rtnl/index.js'

const View: new (buffer: ArrayBufferLike, at: number, length: number) => DataView = DataView

/** Counts what is read of the heads of attributes. */
class CountingView extends View {
  count = 0
  override getUint16(at: number, little?: boolean): number {
    this.count++
    return super.getUint16(at, little)
  }
  override getInt32(at: number, little?: boolean): number {
    this.count++
    return super.getInt32(at, little)
  }
}

function countedReader(bytes: Uint8Array): { r: Reader; view: CountingView } {
  const r = new Reader(bytes, 'little')
  const view = new CountingView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  Object.defineProperty(r, 'view', { value: view })
  return { r, view }
}

/** Every attribute set that a message of rtnetlink can have inside. */
function setsIn(type: AnyType, found = new Set<AttributeSet>()): Set<AttributeSet> {
  if (type instanceof AttributeSet) {
    if (found.has(type)) return found
    found.add(type)
    for (const { type: own, selector } of type.list) {
      setsIn(own, found)
      for (const each of Object.values(selector?.cases ?? {})) setsIn(each, found)
    }
  }
  if (type.items) setsIn(type.items, found)
  for (const choice of type.choices ?? []) setsIn(choice, found)
  return found
}

/** A set's bytes: what comes first, then one attribute `count` times. */
function bytesOf(set: AttributeSet, first: Uint8Array, number: number, payload: number, count: number): Uint8Array {
  const w = new Writer('little')
  w.take((set.header?.size ?? 0) + (-(set.header?.size ?? 0) & 3))
  w.put(first)
  for (let i = 0; i < count; i++) {
    const at = w.take(4 + payload)
    w.view.setUint16(at, 4 + payload, true)
    w.view.setUint16(at + 2, number, true)
    // So that a nest has attributes inside: the number after the length is 0.
    if (payload >= 4) w.view.setUint16(at + 4, 4, true)
    w.align()
  }
  return w.copy()
}

function work(set: AttributeSet, bytes: Uint8Array, how: 'read' | 'dissect'): number {
  const { r, view } = countedReader(bytes)
  r.begin()
  if (how === 'read') set.read(r, 0, bytes.length)
  else set.dissect(r, 0, bytes.length, { name: '', path: '', offset: 0, length: 0, header: 0 } as Field)
  return view.count
}

describe('reading is linear', () => {
  const sets = new Set(Object.values(route.messages).flatMap(({ body }) => [...setsIn(body)]))
  it('over all sets of rtnetlink', () => expect(sets.size).to.be.greaterThan(30))

  for (const set of sets) {
    const { list } = set
    it(`${set.name}, ${list.length} attributes`, () => {
      for (const { number, selector } of list) {
        const by = selector && list.find((one) => one.name === selector.by)
        const discriminators = by ? Object.keys(selector.cases).slice(0, 3).concat('none') : ['']
        for (const value of discriminators) {
          const w = new Writer('little')
          if (by) set.writeNamed(w, by.name, value, {})
          for (const payload of [0, 4, 8, 64])
            for (const how of ['read', 'dissect'] as const) {
              const least = work(set, bytesOf(set, w.copy(), number, payload, 200), how)
              const twice = work(set, bytesOf(set, w.copy(), number, payload, 400), how)
              const title = `${how} of ${set.name} ${number}, ${payload} bytes each: ${least}, then ${twice}`
              expect(twice / least, title).to.be.lessThan(2.5)
            }
        }
      }
    })
  }
})
