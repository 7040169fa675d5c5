/**
 * nlwire/testing/chai: assertions on netlink bytes, for chai.
 * @example
 * import { expect, use } from 'chai'
 * import { nlwireChai } from 'nlwire/testing/chai'
 *
 * use(nlwireChai)
 * expect(request.bytes).to.decodeTo({ type: 'RTM_DELLINK', body: { ifname: 'ipv1' } })
 */
// Its types only: the plugin is given chai.
import type { use } from 'chai'
import { fromHex } from '../netlink/bytes/bytes.js'
import { isObject } from '../netlink/bytes/equal.js'
import { type AnyMessageInput, decode, encode, type Message } from '../netlink/codec/message.js'
import { annotate } from '../netlink/dissect/annotate.js'
import { dissect } from '../netlink/dissect/message.js'
import { DecodeError, OptionError } from '../netlink/errors.js'
import type { Protocol } from '../netlink/frame/protocol.js'
import { checkOptions, isByteOrder, isProtocol, type OptionTable } from '../netlink/options.js'
import { type ByteOrder, hostByteOrder } from '../netlink/transport/transport.js'
import { route } from '../rtnl/protocol.js'
import { type Difference, describeDifferences, differences, messageDifferences } from './replay/compare.js'

/** A datagram: bytes, the same as hex, or what holds them (a request of fakeKernel, a datagram of a recording). */
export type MessageBytes = Uint8Array | string | { readonly bytes: Uint8Array }

/** What a message must say: the members that are left out may be anything. */
export type ExpectedMessage = Partial<Omit<Message, 'wire'>>

/** How to read the bytes. */
export interface MessageOptions {
  /** The protocol. Default: route. */
  readonly family?: Protocol
  /** The byte order of the sender. Default: this machine's. */
  readonly byteOrder?: ByteOrder
}

const messageOptions: OptionTable<MessageOptions> = { family: isProtocol, byteOrder: isByteOrder }

declare global {
  namespace Chai {
    interface Assertion {
      /**
       * The bytes are a message (for a list: a datagram of messages) with this type, flags, seq, pid and body, as far as
       * they are given. A body that is given is the whole body; after `include` it is a part of it.
       * @throws EncodeError when what is expected can be no message
       * @example expect(bytes).to.decodeTo({ type: 'RTM_GETLINK', body: { ifname: 'eth0' } })
       * @example expect(bytes).to.include.decodeTo({ flags: ['dump'], body: { linkinfo: { kind: 'ipvlan' } } })
       */
      decodeTo(expected: ExpectedMessage | readonly ExpectedMessage[], options?: MessageOptions): Assertion
      /**
       * The bytes mean the same as other bytes, hex, or messages as encode takes them. The order of attributes, padding,
       * nested bits, sequence numbers and ports make no difference.
       * @throws EncodeError when what is expected can be no message
       * @example expect(bytes).to.equalMessage(recording.exchanges[0])
       */
      equalMessage(
        expected: MessageBytes | AnyMessageInput | readonly AnyMessageInput[],
        options?: MessageOptions,
      ): Assertion
    }
    interface Include {
      decodeTo: Assertion['decodeTo']
    }
  }
}

/** The plugin. */
export const nlwireChai: Parameters<typeof use>[0] = ({ Assertion, AssertionError }, utils) => {
  Assertion.addMethod('decodeTo', function (expected: ExpectedMessage | readonly ExpectedMessage[], options = {}) {
    const given = new Given(utils.flag(this, 'object'), options)
    const actual = given.messages()
    if (actual instanceof DecodeError) throw new AssertionError(`${actual.message}\n${given.dump()}`)
    const list: readonly ExpectedMessage[] = Array.isArray(expected) ? expected : [expected]
    const partial = utils.flag(this, 'contains') === true
    const wanted = partial ? list : list.map((one, i) => given.completed(one, actual[i]))
    const found = messageDifferences(wanted, actual, { partial })
    this.assert(
      found.length === 0,
      () => given.failure(`the message does not ${partial ? 'include' : 'say'} what is expected`, found),
      () => given.failure(`the message ${partial ? 'includes' : 'says'} what it must not`),
      wanted,
      partial ? likeness(actual, wanted) : actual,
    )
  })

  Assertion.addMethod('equalMessage', function (expected: unknown, options = {}) {
    const given = new Given(utils.flag(this, 'object'), options)
    const other = new Given(given.encoded(expected), options)
    const found = differences(given.family, given.byteOrder, other.bytes, given.bytes)
    this.assert(
      found.length === 0,
      () => given.failure('the messages do not mean the same', found),
      () => given.failure('the messages mean the same'),
      other.messages(),
      given.messages(),
    )
  })
}

/** The bytes of an assertion. */
class Given {
  readonly bytes: Uint8Array
  readonly family: Protocol
  readonly byteOrder: ByteOrder
  constructor(from: unknown, options: MessageOptions) {
    checkOptions('the assertion', options, messageOptions)
    const { family = route, byteOrder = hostByteOrder } = options
    this.bytes = bytesOf(from)
    this.family = family
    this.byteOrder = byteOrder
  }

  /** Its messages; why there are none when it cannot be decoded. */
  messages(): Message[] | DecodeError {
    try {
      return decode(this.family, this.bytes, this) as Message[]
    } catch (error) {
      if (error instanceof DecodeError) return error
      throw error
    }
  }

  /** What is expected as decode would give it, with the members that may be anything as they are there. */
  completed(expected: ExpectedMessage, there: Message | undefined): ExpectedMessage {
    const whole = { ...there, ...expected }
    if (!there || whole.type !== there.type) return whole
    return decode(this.family, encode(this.family, [whole as AnyMessageInput], this), this)[0] as Message
  }

  /** Messages as bytes; bytes as they are. */
  encoded(expected: unknown): unknown {
    const list = Array.isArray(expected) ? expected : [expected]
    const isMessage = list.every((one) => isObject(one) && 'type' in one && 'body' in one)
    return isMessage && !isBytesHolder(expected) ? encode(this.family, list, this) : expected
  }

  failure(what: string, found: readonly Difference[] = []): string {
    return [`${what}:`, ...describeDifferences(found, 'got').map((line) => `  ${line}`), this.dump()].join('\n')
  }

  dump(): string {
    return annotate(this.bytes, dissect(this.family, this.bytes, this)).join('\n')
  }
}

const isBytesHolder = (value: unknown): value is { readonly bytes: Uint8Array } =>
  isObject(value) && value.bytes instanceof Uint8Array

function bytesOf(value: unknown): Uint8Array {
  if (value instanceof Uint8Array) return value
  if (typeof value === 'string') return fromHex(value)
  if (isBytesHolder(value)) return value.bytes
  throw new OptionError('the message', value, 'its bytes: a Uint8Array, hex, or an object with bytes')
}

/** The part of a value that another value speaks of. */
function likeness(value: unknown, of: unknown): unknown {
  if (Array.isArray(value) && Array.isArray(of) && of.every(isObject))
    return of.map((one, i) => likeness(value[i], one))
  if (!isObject(value) || !isObject(of)) return value
  return Object.fromEntries(Object.keys(of).map((name) => [name, likeness(value[name], of[name])]))
}
