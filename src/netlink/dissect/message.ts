/** Dissecting a datagram: every message, header and attribute with its bytes, garbage included. */

import { type ByteOrder, hostByteOrder } from '../bytes/byte-order.js'
import { align4, onlyZeros, Reader } from '../bytes/bytes.js'
import { control, dissectHeader, HEADER, typeAt, unnamedType } from '../frame/nlmsghdr.js'
import { messageAt, type Protocol } from '../frame/protocol.js'
import { bytesOption, checkOptions, isByteOrder, isProtocol, type OptionTable } from '../options.js'
import { type Field, leafField } from '../schema/field.js'
import { Malformed } from '../schema/type.js'
import { bytes as bytesType } from '../schema/types/text.js'

/** How to dissect. */
export interface DissectOptions {
  /** The byte order of the sender: the host's own by default. */
  readonly byteOrder?: ByteOrder
}

const dissecting: OptionTable<DissectOptions> = { byteOrder: isByteOrder }

/**
 * What the bytes of a datagram say: one field for each message, with its header and its body's members inside. Never
 * throws for bytes that do not fit: such a field has a `problem`, and what follows a garbled message is one field
 * named `garbled`.
 * @throws OptionError for a byte order that can not be, or bytes that are no Uint8Array
 * @example dissect(route, bytes)[0].children[1].text
 */
export function dissect(family: Protocol, bytes: Uint8Array, options: DissectOptions = {}): Field[] {
  isProtocol('family', family)
  bytesOption('bytes', bytes)
  checkOptions('dissect', options, dissecting)
  const r = new Reader(bytes, options.byteOrder ?? hostByteOrder)
  const messages: Field[] = []
  for (let at = 0; at < bytes.length; ) {
    const left = bytes.length - at
    if (onlyZeros(bytes, at)) {
      messages.push({ ...leafField('trailing', '', at, left), text: `${left} zero bytes after the last message` })
      break
    }
    const length = left < HEADER ? 0 : r.view.getUint32(at, r.little)
    if (length < HEADER) {
      const garbled = leafField('garbled', '', at, left)
      garbled.problem =
        left < HEADER ? `a message needs ${HEADER} bytes, ${left} are left` : `the message's length is ${length}`
      messages.push(garbled)
      break
    }
    if (length > left) {
      // Cut short: what is there is shown all the same.
      const cut = dissectMessage(family, r, at, bytes.length)
      cut.problem = `the message's length is ${length}, but only ${left} bytes are there`
      cut.children![0]!.problem = cut.problem
      messages.push(cut)
      break
    }
    messages.push(dissectMessage(family, r, at, at + length))
    at += align4(length)
  }
  return messages
}

function dissectMessage(family: Protocol, r: Reader, at: number, end: number): Field {
  const number = typeAt(r, at)
  const { name: known, operation, body } = messageAt(family, r, at, end)
  const name = nameOf(known)
  const message = leafField(name, '', at, end - at)
  const header = dissectHeader(r, at, name, operation)
  message.children = [header]
  if (end === at + HEADER) return message
  const payload = leafField('', '', at + HEADER, end - at - HEADER)
  r.begin()
  try {
    if (end - at - HEADER < body.minimum)
      throw new Malformed(at + HEADER, `${body.name} needs ${body.minimum} bytes, the message has ${end - at - HEADER}`)
    body.dissect(r, at + HEADER, end, payload, undefined)
  } catch (error) {
    if (!(error instanceof Malformed)) throw error
    payload.problem = error.message
  }
  if (payload.problem !== undefined) message.problem = payload.problem
  if (payload.set) message.set = payload.set
  if (number === control.NLMSG_ERROR) dissectEcho(family, r, at + HEADER + 4, payload)
  if (payload.children) message.children.push(...payload.children)
  else message.children.push(payload)
  return message
}

const nameOf = (name: string | number): string => (typeof name === 'number' ? unnamedType(name) : name)

/** The request within an NLMSG_ERROR, in the words of its own family. */
function dissectEcho(family: Protocol, r: Reader, at: number, error: Field): void {
  const request = error.children?.find((field) => field.name === 'request')
  if (!request) return
  const payload = error.children?.find((field) => field.name === 'payload')
  const { name, operation, body } = messageAt(family, r, at, payload ? payload.offset + payload.length : at + HEADER)
  request.text = `of ${dissectHeader(r, at, nameOf(name), operation).text}`
  if (!payload || payload.length < body.minimum || body === bytesType) return
  r.begin()
  try {
    body.dissect(r, payload.offset, payload.offset + payload.length, payload, undefined)
  } catch (problem) {
    if (!(problem instanceof Malformed)) throw problem
    payload.problem = problem.message
  }
}
