/** A definition that cannot work is an error where it is made, which names the set and the member. */
import { expect } from 'chai'
import * as n from '../../../src/netlink/index.js'

const { attributes, bitfield32, byMember, enumOf, flagsOf, headed, indexed, listOf, packed, padding } = n
const { records, repeated, select, struct, u8, u16, u32, s8, nulString } = n

const set = (entries: object) => attributes('X', entries as never)
const proto = (messages: object, groups: object = {}) => n.defineProtocol('p', 0, messages as never, groups as never)
const message = (number: number, body: unknown = u32) => ({ number, operation: 'new', body })
const kind = [1, nulString()]

const wrong: Record<string, [() => unknown, RegExp]> = {
  'an attribute number with a flag bit': [() => set({ a: [0x4001, u32] }), /^X: a has the number 16385/],
  'an attribute number over 16 bits': [() => set({ a: [70000, u32] }), /^X: a .*70000/],
  'a negative attribute number': [() => set({ a: [-1, u32] }), /^X: a .*-1/],
  'a broken attribute number': [() => set({ a: [1.5, u32] }), /^X: a .*1\.5/],
  'two attributes of one number': [() => set({ a: [1, u32], b: [1, u32] }), /^X: a and b: .*number 1/],
  'an attribute named unknown': [() => set({ unknown: [1, u32] }), /^X: "unknown"/],
  'a name of digits, which an object puts first': [() => set({ b: [1, u32], '5': [2, u32] }), /^X: "5"/],
  'a name __proto__': [() => set({ ['__proto__']: [1, u32] }), /^X: "__proto__"/],
  'a prototype by a literal': [() => set({ __proto__: { a: [1, u32] } }), /^X: .*__proto__/],
  'a name that a path cannot hold': [() => set({ 'a.b': [1, u32] }), /^X: "a\.b"/],
  'an entry without a type': [() => set({ a: [1] }), /^X: a/],
  'an entry whose type is not there yet': [() => set({ a: [1, undefined] }), /^X: a has no type/],
  'a fallback that is an attribute': [
    () => set({ kind, otherData: [3, u32], data: [2, select('kind', { a: u32 }, 'otherData')] }),
    /^X: two members .*"otherData"/,
  ],
  'a fallback that is the attribute itself': [
    () => set({ kind, data: [2, select('kind', { a: u32 }, 'data')] }),
    /^X: two members .*"data"/,
  ],
  'two selectors with one fallback': [
    () => set({ kind, a: [2, select('kind', { a: u32 }, 'other')], b: [3, select('kind', { a: u32 }, 'other')] }),
    /^X: two members .*"other"/,
  ],
  'a fallback named unknown': [() => set({ kind, data: [2, select('kind', { a: u32 }, 'unknown')] }), /^X: "unknown"/],
  'a case __proto__': [() => select('kind', { ['__proto__']: u32 }, 'other'), /^select by kind: "__proto__"/],
  'a case without a type': [() => select('kind', { a: undefined as never }, 'other'), /^select by kind: a has no type/],
  'a case that is a selector': [
    () => select('kind', { a: select('kind', {}, 'b') as never }, 'other'),
    /^select by kind: a: select/,
  ],
  'a repeated case': [() => select('kind', { a: repeated(u32) }, 'other'), /^select by kind: a: repeated/],
  'a repeated selector': [() => repeated(select('kind', { a: u32 }, 'other') as never), /^repeated: select/],
  'a repeated repetition': [() => repeated(repeated(u32)), /^repeated: repeated/],
  'a list of a selector': [() => listOf(select('kind', {}, 'o') as never, { number: 1 }), /^listOf: select/],
  'a list whose number has a flag bit': [() => listOf(u32, { number: 0x4001 }), /^list of u32: .*16385/],
  'an index of repetitions': [() => indexed(repeated(u32)), /^indexed: repeated/],
  'packed items without a size': [() => packed(nulString() as never), /^packed nul-string: .*size/],
  'an array of items without a size': [() => n.fixedArray(nulString() as never, 3), /^array of nul-string: .*size/],
  'an array of a type that is not there': [() => n.fixedArray(undefined as never, 3), /^fixedArray has no type/],
  'an array of no items': [() => n.fixedArray(u32, 0), /^u32 has no array of 0/],
  'text of no bytes': [() => n.fixedString(0), /^fixedString: .*size 0/],
  'text of half a byte': [() => n.fixedString(1.5), /^fixedString: .*size 1\.5/],
  'hex of fewer bytes than none': [() => n.fixedHex(-1), /^fixedHex: .*size -1/],
  'bytes of half a byte': [() => n.fixedBytes(0.5), /^fixedBytes: .*size 0\.5/],
  'padding of fewer bytes than none': [() => padding(-1), /^padding: .*size -1/],
  'what is not there after a struct': [
    () => n.followedBy(struct('h', { a: u8 }), 'b', undefined as never),
    /^struct h followed by b has no type/,
  ],
  'a selector after a struct': [
    () => n.followedBy(struct('h', { a: u8 }), 'b', select('a', {}, 'o') as never),
    /^struct h followed by b: select/,
  ],
  'a count that is no integer': [
    () => n.followedBy(struct('h', { a: n.mac6 }), 'b', packed(u8), { count: 'a' }),
    /^struct h followed by b: .*"a"/,
  ],
  'a count of what is no list': [
    () => n.followedBy(struct('h', { a: u8 }), 'b', n.bytes, { count: 'a' }),
    /^struct h followed by b: .*list/,
  ],
  'an order of what is no set': [() => n.ordered(u8 as never), /^ordered: u8 is no attribute set/],
  'packed items of no bytes': [() => packed(struct('z', {})), /^packed struct z: .*size 0/],
  'records without a header': [() => records(attributes('X', {}) as never), /^records of X: .*length/],
  'records whose header has no length': [
    () => records(headed(struct('h', { a: u32 }), attributes('X', {}))),
    /^records of X: .*length/,
  ],
  'a header member and an attribute of one name': [
    () => headed(struct('h', { cmd: u8, version: u8 }), attributes('X', { version: [3, u32] })),
    /^X: two members .*"version"/,
  ],
  'a header member and a fallback of one name': [
    () => headed(struct('h', { other: u8 }), attributes('X', { kind: [1, u32], d: [2, select('kind', {}, 'other')] })),
    /^X: two members .*"other"/,
  ],
  'the same within an attribute': [
    () => attributes('Y', { peer: [1, headed(struct('h', { cmd: u8 }), attributes('X', { cmd: [1, u8] }))] }),
    /^X: two members .*"cmd"/,
  ],
  'a header member named unknown': [() => headed(struct('h', { unknown: u8 }), attributes('X', {})), /^X: "unknown"/],
  'a selector whose discriminator is not there': [
    () => headed(struct('h', { cmd: u8 }), attributes('X', { data: [2, select('kind', {}, 'other')] })),
    /^X: data hangs on "kind"/,
  ],
  'a nest whose discriminator is not there': [
    () => set({ nest: [1, attributes('Y', { data: [2, select('kind', {}, 'other')] })] }),
    /^X: nest: Y: data hangs on "kind"/,
  ],
  'a list of such nests': [
    () => set({ list: [1, listOf(attributes('Y', { data: [2, byMember('kind', {}, u32)] }), { number: 1 })] }),
    /Y: data hangs on "kind"/,
  ],
  'a case that is such a nest': [
    () => select('a', { b: attributes('Y', { data: [2, select('kind', {}, 'other')] }) }, 'o'),
    /^select by a: b: Y: data hangs on "kind"/,
  ],
  'a message of such a set': [
    () => proto({ X_NEW: message(16, attributes('Y', { data: [2, select('kind', {}, 'other')] })) }),
    /^protocol p: X_NEW: Y: data hangs on "kind"/,
  ],
  'a struct member tail': [() => struct('h', { tail: u32, b: u32 }), /^struct h: "tail"/],
  'a struct member of digits': [() => struct('h', { b: u32, '5': u32 }), /^struct h: "5"/],
  'a struct member without a size': [() => struct('h', { a: nulString() as never }), /^struct h: a .*nul-string/],
  'a repeated struct member': [() => struct('h', { a: repeated(u32) as never }), /^struct h: a: repeated/],
  'a struct member without a type': [() => struct('h', { a: undefined as never }), /^struct h: a has no type/],
  'an enum value that does not fit': [() => enumOf(u8, { big: 300 }), /^enum u8: big is 300/],
  'a negative value of an unsigned enum': [() => enumOf(u16, { a: -1 }), /^enum u16: a is -1/],
  'a value that is too low for a signed enum': [() => enumOf(s8, { a: -129 }), /^enum s8: a is -129/],
  'an enum value that is no integer': [() => enumOf(u8, { a: 1.5 }), /^enum u8: a is 1\.5/],
  'an enum name of digits': [() => enumOf(u8, { '5': 1 }), /^enum u8: "5"/],
  'a flag that does not fit': [() => flagsOf(u16, { big: 0x10000 }), /^flags u16: big is 65536/],
  'a negative flag': [() => flagsOf(u32, { top: 1 << 31 }), /^flags u32: top is -2147483648/],
  'a flag of a bitfield that does not fit': [() => bitfield32({ big: 2 ** 32 }), /^bitfield32: big/],
  'a case by a member without a type': [() => byMember('a', { b: undefined as never }, u32), /^by a: b has no type/],
  'a message number over 16 bits': [() => proto({ X_NEW: message(70000) }), /^protocol p: X_NEW .*70000/],
  'two messages of one number': [() => proto({ A: message(16), B: message(16) }), /^protocol p: B and A/],
  'a message named as a control message': [() => proto({ NLMSG_DONE: message(16) }), /^protocol p: NLMSG_DONE/],
  'a message without a body': [() => proto({ A: { number: 16, operation: 'new' } }), /^protocol p: A has no type/],
  'a message name of digits': [() => proto({ '17': message(16) }), /^protocol p: "17"/],
  'group 0': [() => proto({}, { none: 0 }), /^protocol p: none has the group 0/],
}

describe('a definition that cannot work is refused when it is made', () => {
  for (const [title, [make, text]] of Object.entries(wrong))
    it(title, () => {
      expect(make).to.throw(Error, text)
    })

  it('and what works is not: two names of one number, of which the first is read, a set that waits for its header', () => {
    const mode = enumOf(u8, { kernel: 1, alias: 1 })
    const family = enumOf(u8, { unspec: 0, inet: 2 })
    const waits = attributes('X', { mode: [1, mode], data: [2, select('hFamily', { inet: u32 }, 'otherData')] })
    const body = headed(struct('h', { hFamily: family }), waits)
    const f = proto({ X_NEW: message(16, body) })
    const bytes = n.encode(f, [{ type: 'X_NEW', body: { hFamily: 'inet', mode: 'alias', data: 7 } as never }])
    expect(n.decode(f, bytes)[0]!.body).to.deep.equal({ hFamily: 'inet', mode: 'kernel', data: 7 })
    expect(() => struct('h', { _len: u16, a: u32 })).not.to.throw()
    expect(() => enumOf(s8, { low: -128 })).not.to.throw()
  })
})
