/** Which message the bytes of a message are: by nlmsg_type, by a member of the body's header, by the direction. */
import { expect } from 'chai'
import {
  attributes,
  Conversation,
  check,
  decode,
  defineProtocol,
  dissect,
  EncodeError,
  encode,
  fromHex,
  headed,
  MemoryTransport,
  nulString,
  padding,
  struct,
  toHex,
  u8,
  u16,
  u32,
} from '../../../src/netlink/index.js'

const genl = struct('genlmsghdr', { cmd: u8, version: u8, _reserved: padding(2) })
const set = attributes('CTRL_ATTR', { familyId: [1, u16], familyName: [2, nulString()] })
const op = attributes('NAMES', { index: [1, u32] })
const raw = headed(genl, attributes('NONE', {}))

const example = defineProtocol(
  'example',
  16,
  {
    NEW: { number: 16, where: { cmd: 1 }, operation: 'new', body: headed(genl, set), deletion: 'DEL' },
    DEL: { number: 16, where: { cmd: 2 }, operation: 'del', body: headed(genl, set) },
    GET: { number: 16, where: { cmd: 3 }, operation: 'get', body: headed(genl, set), answer: 'NEW' },
    NAMES_GET: {
      number: 16,
      where: { cmd: 4 },
      direction: 'request',
      operation: 'get',
      body: headed(genl, op),
      answer: 'NAMES',
    },
    NAMES: { number: 16, where: { cmd: 4 }, direction: 'response', operation: 'new', body: headed(genl, set) },
    other: { number: 16, operation: 'get', body: raw },
    plain: { number: 17, operation: 'new', body: headed(genl, set) },
  },
  {},
  { fallback: raw },
)

const one = (type: string, body: unknown, flags: readonly ('request' | 'ack')[] = []) =>
  encode(example, [{ type, flags, seq: 1, body }], { byteOrder: 'little' })
const typeOf = (bytes: Uint8Array) => decode(example, bytes, { byteOrder: 'little' })[0]!.type

describe('a message by more than nlmsg_type', () => {
  it('is told by a member of the header of its body, which is filled in', () => {
    const bytes = one('GET', { familyName: 'a' }, ['request'])
    expect(toHex(bytes.subarray(16, 20))).to.equal('03000000')
    const [message] = decode(example, bytes, { byteOrder: 'little' })
    expect(message).to.deep.include({ type: 'GET', body: { cmd: 3, version: 0, familyName: 'a' } })
    expect(toHex(encode(example, [message!], { byteOrder: 'little' }))).to.equal(toHex(bytes))
    expect(typeOf(one('DEL', { cmd: 2 }))).to.equal('DEL')
    expect(dissect(example, bytes, { byteOrder: 'little' })[0]!.children![0]!.text).to.include('GET, request')
  })

  it('is told by the direction, where request and answer have the same numbers', () => {
    expect(typeOf(one('NAMES_GET', { index: 1 }, ['request']))).to.equal('NAMES_GET')
    const answer = one('NAMES', { familyName: 'a' })
    expect(decode(example, answer, { byteOrder: 'little' })[0]).to.deep.include({
      type: 'NAMES',
      body: { cmd: 4, version: 0, familyName: 'a' },
    })
  })

  it('is the one without where for any other value, and the fallback for a number that nobody defined', () => {
    expect(typeOf(one('other', { cmd: 77 }))).to.equal('other')
    const bytes = fromHex('1c000000 6300 0100 01000000 00000000 05020000 08000100 07000000')
    const [message] = decode(example, bytes, { byteOrder: 'little' })
    expect(message!.type).to.equal(99)
    expect(message!.body).to.deep.include({ cmd: 5, version: 2 })
    expect(toHex(encode(example, [message!], { byteOrder: 'little' }))).to.equal(toHex(bytes))
  })

  it('does not read a discriminator beyond the end', () => {
    const short = fromHex('10000000 1000 0100 01000000 00000000')
    expect(decode(example, short, { byteOrder: 'little' })[0]).to.deep.include({ type: 'other', body: {} })
    // An ack that repeats the header only: the bytes after it are the extended ack's.
    const capped = fromHex(
      '34000000 0200 0003 01000000 00000000 ffffffff 1c000000 1000 0500 01000000 00000000 08000100 61626300 08000200 10000000',
    )
    const echoed = dissect(example, capped, { byteOrder: 'little' })[0]!.children!.find(
      ({ name }) => name === 'request',
    )
    expect(echoed!.text).to.include('other')
  })

  it('refuses a value of the discriminator that is that of another message', () => {
    expect(() => one('GET', { cmd: 1 })).to.throw(EncodeError, 'cmd')
    expect(check(example, 'GET', { cmd: 1 }).map(({ path }) => path)).to.deep.equal(['cmd'])
    expect(check(example, 'GET', { cmd: 3 })).to.deep.equal([])
    expect(check(example, 'GET', {})).to.deep.equal([])
  })

  it('is answered by the message that the definition names', async () => {
    const transport = new MemoryTransport({
      protocol: 16,
      port: 7,
      onSend: (bytes, { queue }) => {
        const [{ type, seq }] = decode(example, bytes) as unknown as [{ type: string; seq: number }]
        const answer = type === 'GET' ? 'NEW' : 'NAMES'
        queue(encode(example, [{ type: answer, seq, pid: 7, body: { familyId: 20, familyName: 'x' } }]))
      },
    })
    await using conversation = new Conversation(transport, example)
    // The types follow: the answers' names are members of the result.
    const { familyId } = await conversation.get('GET', { familyName: 'x' }, { only: ['familyId'] })
    expect(familyId).to.equal(20)
    const names = await conversation.get('NAMES_GET', { index: 1 })
    expect(names.familyName).to.equal('x')
  })

  it('cannot be defined so that nothing tells it apart', () => {
    const message = { number: 16, operation: 'get', body: raw } as const
    const define = (messages: Parameters<typeof defineProtocol>[2]) => () => defineProtocol('x', 16, messages, {})
    expect(define({ A: message, B: message })).to.throw('B and A have the same number')
    const cmd = { ...message, where: { cmd: 1 } }
    expect(define({ A: cmd, B: cmd })).to.throw('B and A have the same number, where and direction')
    expect(define({ A: cmd, B: { ...message, where: { version: 1 } } })).to.throw('where.version is not where cmd is')
    expect(define({ A: { ...message, where: { cmd: 256 } } })).to.throw('where.cmd is 256')
    expect(define({ A: { ...message, where: { none: 1 } } })).to.throw('where.none')
    expect(define({ A: { ...message, where: { cmd: 1, version: 1 } } })).to.throw('exactly one member')
    expect(define({ A: { ...message, answer: 'B' } })).to.throw('A: there is no message B')
  })
})
