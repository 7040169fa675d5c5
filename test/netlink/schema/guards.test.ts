/** More definitions that cannot work: what hangs on something that is not there, and types in places that are not theirs. */
import { expect } from 'chai'
import * as n from '../../../src/netlink/index.js'

const { attributes, bitFields, bool, byMember, bytes, enumOf, fixedArray, flagsOf, followedBy, headed, indexed, lazy } =
  n
const { listOf, maskOf, nulString, ordered, outer, packed, padding, range, records, repeated, select, struct } = n
const { s8, s32, u8, u16, u32, u64, unit, be16 } = n

const set = (entries: object) => attributes('X', entries as never)
const h = struct('h', { a: u8, b: u8 })
const leafSet = attributes('L', { v: [1, u32] })
const message = { number: 16, operation: 'new', body: u32 }
const proto = (messages: object, groups: object = {}, number: unknown = 0, name: unknown = 'p', options: object = {}) =>
  n.defineProtocol(name as 'p', number as 0, messages as never, groups as never, options)

const wrong: Record<string, [() => unknown, RegExp]> = {
  // Names.
  'followedBy __proto__': [
    () => followedBy(h, '__proto__', bytes),
    /^struct h followed by __proto__: "__proto__" cannot/,
  ],
  'followedBy of digits': [() => followedBy(h, '5', bytes), /^struct h followed by 5: "5" cannot be a name/],
  'followedBy with a blank': [() => followedBy(h, 'b c', bytes), /^struct h followed by b c: "b c" cannot be a name/],
  'followedBy a padding of the struct': [
    () => followedBy(struct('h', { a: u8, _pad: padding(3) }), '_pad', bytes),
    /^struct h followed by _pad: the struct has a member of that name/,
  ],
  'a bit field __proto__': [() => bitFields(u8, { ['__proto__']: 8 }), /^bit fields u8: "__proto__"/],
  'a bit field of digits': [() => bitFields(u8, { '5': 8 }), /^bit fields u8: "5"/],
  'a bit field with a blank': [() => bitFields(u8, { 'b c': 8 }), /^bit fields u8: "b c"/],
  'an attribute constructor, which every object has': [() => set({ constructor: [1, u8] }), /^X: "constructor"/],
  'a struct member toString': [() => struct('h', { toString: u8 } as never), /^struct h: "toString"/],
  'followedBy valueOf': [() => followedBy(h, 'valueOf', bytes), /^struct h followed by valueOf: "valueOf"/],
  'a fallback with a blank': [
    () => set({ k: [1, u8], d: [2, select('k', { 1: u8 }, 'o o')] }),
    /^X: "o o" cannot be a name/,
  ],
  'a protocol with no name': [() => proto({}, {}, 0, ''), /^protocol : "" cannot be a name/],

  // Types in places that are not theirs.
  'an array of a set': [() => fixedArray(leafSet as never, 2), /^array of L: .*size undefined/],
  'an array of repetitions': [() => fixedArray(repeated(u32) as never, 2), /^fixedArray: repeated/],
  'an array of paddings': [
    () => fixedArray(padding(4), 2),
    /^fixedArray: padding\(\) can only be a member of a struct/,
  ],
  'packed paddings': [() => packed(padding(4)), /^packed: padding/],
  'an attribute that is padding': [() => set({ a: [1, padding(4)] }), /^X: a: padding/],
  'a visible member that is padding': [
    () => struct('h', { a: padding(4) }),
    /^struct h: a: padding.*begins with an underscore/,
  ],
  'bit fields with a sign': [() => bitFields(s8, { a: 8 }), /^bit fields s8: expected an integer without a sign/],
  'flags with a sign': [() => flagsOf(s32, { a: 1 }), /^flags s32: expected an integer without a sign/],
  'flags of 64 bits with a sign': [() => flagsOf(n.s64, { a: 1 }), /^flags s64: expected an integer without a sign/],
  'an enum over text': [() => enumOf(nulString() as never, { a: 0 }), /^enum nul-string: expected an integer/],
  'flags over flags': [() => flagsOf(flagsOf(u8, { a: 1 }) as never, { b: 2 }), /^flags flags u8: expected an integer/],
  'yes or no over text': [() => bool(nulString() as never), /^bool nul-string: expected an integer/],
  'yes or no over 64 bits': [() => bool(u64 as never), /^bool u64: expected an integer/],
  'a range of halves': [() => range(u8, 0.5, 3), /^range of u8: from 0\.5 to 3: expected integers from 0 to 255/],
  'a range up to a half': [() => range(u8, 0, 3.5), /^range of u8: from 0 to 3\.5/],
  'a range of NaN': [() => range(u8, Number.NaN, 3), /^range of u8: from NaN to 3/],
  'a range over 64 bits': [() => range(u64 as never, 0, 5), /^range of u64: expected an integer/],
  'a range of text': [() => range(nulString() as never, 0, 5), /^range of nul-string: expected an integer/],
  'a unit that is none': [() => unit(u32, 'fortnights' as never), /^unit of u32: there is no unit "fortnights"/],
  'text of half a byte': [() => nulString({ max: 1.5 }), /^nul-string: .*max 1\.5/],
  'text of fewer bytes than none': [() => n.string({ max: -1 }), /^string: .*max -1/],
  'a header that is no struct': [() => headed(u32 as never, leafSet), /^L: the header u32 is no struct/],
  'attributes that are none after a header': [() => headed(h, u32 as never), /^struct h: u32 is no attribute set/],
  'two headers': [() => headed(h, headed(struct('g', { c: u8 }), leafSet) as never), /^L: .*has a header already/],
  'something after what is no struct': [
    () => followedBy(u32 as never, 'a', bytes),
    /^u32 followed by a: u32 is no struct/,
  ],
  'a record whose length is shown': [
    () => records(headed(struct('h', { len: u16, a: u16 }), leafSet)),
    /^records of L: .*underscore/,
  ],
  'a record whose length has its own byte order': [
    () => records(headed(struct('h', { _len: be16, a: u16 }), leafSet)),
    /^records of L: .*length/,
  ],
  'records of what is no set': [() => records(u32 as never), /^records of u32: .*header/],

  // What hangs on something that is not there.
  'a struct member by one that is not there': [
    () => struct('h', { a: byMember('kind', { x: u8 }, s8) as never }),
    /^struct h: a hangs on "kind", which is no member before it/,
  ],
  'a struct member by one that comes later': [
    () => struct('h', { a: byMember('kind', { 1: u8 }, s8) as never, kind: u8 }),
    /^struct h: a hangs on "kind", which is no member before it/,
  ],
  'a struct member by a padding': [
    () => struct('h', { _kind: u8, a: byMember('_kind', { 1: u8 }, s8) as never }),
    /^struct h: a hangs on "_kind"/,
  ],
  'an array in a struct, of what hangs on one that is not there': [
    () => struct('h', { a: fixedArray(byMember('kind', { 1: u8 }, s8) as never, 2) }),
    /^struct h: a hangs on "kind"/,
  ],
  'what follows a struct, by one that is not there': [
    () => followedBy(h, 'rest', byMember('kind', { x: u8 }, bytes)),
    /^struct h followed by rest: rest hangs on "kind", which is no member of the struct/,
  ],
  'a list that follows a struct': [
    () => followedBy(h, 'rest', packed(byMember('kind', { 1: u8 }, s8) as never)),
    /^struct h followed by rest: rest hangs on "kind"/,
  ],
  'a mask of a struct member that is not there': [
    () => struct('h', { mask: maskOf('flags', u8) }),
    /^struct h: mask is the mask of "flags", which is no member/,
  ],
  'a mask of an attribute that is not there': [
    () => headed(h, attributes('X', { mask: [1, maskOf('flags', u8)] })),
    /^X: mask is the mask of "flags"/,
  ],
  'a list by a member that is not there': [
    () => headed(h, attributes('X', { l: [1, listOf(byMember('kind', { 1: u8 }, s8), { number: 1 })] })),
    /^X: l hangs on "kind"/,
  ],
  'the same by index': [
    () => headed(h, attributes('X', { l: [1, indexed(byMember('kind', { 1: u8 }, s8))] })),
    /^X: l hangs on "kind"/,
  ],
  'a case that hangs on what is not there': [
    () => headed(h, attributes('X', { l: [1, byMember('b', { 1: byMember('kind', {}, u8) }, u8)] })),
    /^X: l hangs on "kind"/,
  ],
  'a selected case that does': [
    () => headed(h, attributes('X', { d: [2, select('b', { 1: byMember('kind', {}, u8) }, 'o')] })),
    /^X: d hangs on "kind"/,
  ],
  'a type by itself': [() => set({ a: [1, byMember('a', { 1: u8 }, u16)] }), /^X: a hangs on itself/],
  'a selector by itself': [() => set({ a: [1, select('a', { 1: u8 }, 'o')] }), /^X: a hangs on itself/],
  'a selector by its fallback': [() => set({ a: [1, select('o', { 1: u8 }, 'o')] }), /^X: a hangs on itself/],
  'a selector by a nest': [
    () => set({ nest: [1, leafSet], a: [2, select('nest', { 1: u8 }, 'o')] }),
    /^X: a hangs on "nest", which is L: expected a number or text/,
  ],
  'a type by a list': [
    () => set({ list: [1, packed(u8)], a: [2, byMember('list', { 1: u8 }, u16)] }),
    /^X: a hangs on "list", which is u8\[\]: expected/,
  ],
  'an order with a selector by a sibling': [
    () => ordered(set({ kind: [1, nulString()], data: [2, select('kind', { a: u8 }, 'o')] })),
    /^ordered: X: data hangs on "kind", and each item has one attribute/,
  ],
  'an order with a type by a sibling': [
    () => ordered(set({ kind: [1, u8], data: [2, byMember('kind', { 1: u8 }, u16)] })),
    /^ordered: X: data hangs on "kind"/,
  ],
  'an outer name that no object around has': [
    () =>
      proto({
        A: {
          ...message,
          body: attributes('X', { a: [1, attributes('Y', { b: [1, byMember(outer('never'), { 1: u8 }, u16)] })] }),
        },
      }),
    /^protocol p: A: nothing in X has "never", which outer\(\) looks for/,
  ],
  'the same of a selector': [
    () =>
      proto({
        A: { ...message, body: headed(h, attributes('X', { d: [1, select(outer('a'), {}, 'o')] })) },
        B: { ...message, number: 17, body: attributes('Y', { d: [1, select(outer('a'), {}, 'o')] }) },
      }),
    /^protocol p: B: nothing in Y has "a"/,
  ],
  'lazy without a function': [() => lazy('L', undefined as never), /^lazy L: expected a function/],
  'lazy to nothing': [
    () => proto({ A: { ...message, body: attributes('X', { a: [1, lazy('L', () => undefined as never)] }) } }),
    /^lazy L has no type/,
  ],
  'lazy to repetitions': [
    () =>
      proto({
        A: {
          ...message,
          body: attributes('X', {
            a: [
              1,
              listOf(
                lazy('L', () => repeated(u8)),
                { number: 1 },
              ),
            ],
          }),
        },
      }),
    /^lazy L: repeated/,
  ],

  // Protocols.
  'an operation that is none': [
    () => proto({ A: { ...message, operation: 'bogus' } }),
    /^protocol p: A has the operation bogus: expected get, new, set, del, /,
  ],
  'an operation of every object': [
    () => proto({ A: { ...message, operation: 'toString' } }),
    /^protocol p: A has the operation toString/,
  ],
  'a group that is none': [
    () => proto({ A: { ...message, groups: ['nope'] } }, { link: 1 }),
    /^protocol p: A: there is no group nope/,
  ],
  'groups that are no list': [
    () => proto({ A: { ...message, groups: 'link' } }, { link: 1 }),
    /^protocol p: A: groups: expected a list/,
  ],
  'a direction that is none': [
    () => proto({ A: { ...message, direction: 'sideways' } }),
    /^protocol p: A has the direction sideways: expected request or response/,
  ],
  'a protocol NaN': [() => proto({}, {}, Number.NaN), /^protocol p: .*number NaN/],
  'a protocol of half': [() => proto({}, {}, 1.5), /^protocol p: .*number 1\.5/],
  'a fallback without a type': [() => proto({}, {}, 0, 'p', { fallback: {} }), /^protocol p: fallback has no type/],
  'two groups of one number': [() => proto({}, { a: 1, b: 1 }), /^protocol p: a and b: two groups have number 1/],
}

describe('a definition that cannot work is refused, also where', () => {
  for (const [title, [make, text]] of Object.entries(wrong))
    it(title, () => {
      expect(make).to.throw(Error, text)
    })
})

describe('a definition that can work is not refused:', () => {
  const right: Record<string, () => unknown> = {
    'a set that waits for its header': () =>
      headed(h, set({ l: [1, listOf(byMember('a', { 1: u8 }, u16), { number: 1 })] })),
    'a case by a member that is there': () =>
      headed(h, set({ c: [1, byMember('b', { 1: byMember('a', {}, u8) }, u8)] })),
    'outer over lists': () =>
      proto({
        A: {
          ...message,
          body: headed(
            h,
            set({ l: [1, listOf(attributes('Y', { o: [1, byMember(outer('a'), {}, u8)] }), { number: 1 })] }),
          ),
        },
      }),
    'what contains itself': () => {
      const tree: n.AnyType = attributes('T', {
        a: [1, u8],
        sub: [2, lazy('T', () => tree)],
        o: [3, byMember(outer('a'), {}, u8)],
      })
      return proto({ A: { ...message, body: tree } })
    },
    'what is made later': () => {
      const body = attributes('T', { sub: [2, lazy('T', () => later)] })
      const made = proto({ A: { ...message, body } })
      const later: n.AnyType = u8
      return made
    },
  }
  for (const [title, make] of Object.entries(right)) it(title, () => expect(make).not.to.throw())
})

describe('only some names of a set', () => {
  it('bring with them what the items of a list hang on', () => {
    const items = listOf(byMember('b', { 1: nulString() }, u8), { number: 1 })
    const protocol = proto({ A: { ...message, body: headed(h, set({ list: [1, items], more: [2, u8] })) } })
    const body = { a: 0, b: 1, list: ['x'], more: 3 }
    const bytes = n.encode(protocol, [{ type: 'A', body: body as never }])
    expect(n.decode(protocol, bytes, { only: ['list' as never] })[0]!.body).to.deep.equal({ b: 1, list: ['x'] })
  })
})
