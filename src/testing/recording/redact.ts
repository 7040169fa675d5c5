/** Recordings that can be shown to others: names and addresses replaced, the same by the same, in whole messages. */

import type { Protocol } from '../../netlink/frame/protocol.js'
import { checkOptions, isByteOrder, isProtocol } from '../../netlink/options.js'
import type { ByteOrder } from '../../netlink/transport/transport.js'
import { checkWhole, headersOf, isEvent, socketOf } from './headers.js'
import { namespacesIn } from './namespace-log.js'
import { checkExchanges, checkRecording, type Exchange, type Recording } from './nl.js'
import type { Pair } from './redact-ack.js'
import { type Redact, redactOptions } from './redact-options.js'
import { Redactor } from './redactor.js'

/**
 * The same conversation with other names and addresses. It goes through the definitions: messages are decoded and
 * encoded, so that lengths are right, and what the kernel blamed is still what it blamed. What no definition knows stays
 * as it is, but for the names and addresses that are replaced elsewhere: look at the file before you show it.
 * @throws FixtureError for datagrams that are no whole messages; DecodeError for messages that cannot be decoded; EncodeError for a replacement that does not fit its place
 * @example redacted(exchanges, route, 'little', { values: { eth0: 'lan0' }, paths: { address: pseudonyms.address } })
 */
export function redacted(
  exchanges: readonly Exchange[],
  family: Protocol,
  byteOrder: ByteOrder,
  redact: Redact,
): Exchange[] {
  checkExchanges('exchanges', exchanges)
  isProtocol('family', family)
  isByteOrder('byteOrder', byteOrder)
  checkOptions('redacted', redact, redactOptions)
  return replaced(exchanges, byteOrder, new Redactor(family, byteOrder, redact))
}

/**
 * A recording with other names and addresses, in its messages and in its head: the title, the notes, the names of
 * namespaces (which `paths` calls `netns`) and of sysctls.
 * @throws as redacted does
 * @example redactedRecording(recording, route, { paths: identities() })
 */
export function redactedRecording(recording: Recording, family: Protocol, redact: Redact): Recording {
  checkRecording('recording', recording)
  isProtocol('family', family)
  checkOptions('redactedRecording', redact, redactOptions)
  const { byteOrder, title, notes } = recording
  const redactor = new Redactor(family, byteOrder, redact)
  for (const name of namespacesIn(notes)) redactor.named('netns', name)
  const exchanges = replaced(recording.exchanges, byteOrder, redactor)
  const { needles } = redactor
  return { ...recording, title: needles.text(title), notes: notes.map((line) => needles.text(line)), exchanges }
}

function replaced(exchanges: readonly Exchange[], byteOrder: ByteOrder, redactor: Redactor): Exchange[] {
  checkWhole(exchanges, byteOrder)
  // First all that is replaced is found, then it is replaced: a name may come before the path that says what it is.
  for (const exchange of exchanges) if ('bytes' in exchange) redactor.message(exchange.bytes, undefined)
  const requests = new Map<string, Pair>()
  return exchanges.map((exchange) => {
    if (!('bytes' in exchange)) return exchange
    const keys = headersOf(exchange.bytes, byteOrder).map(({ seq }) => `${socketOf(exchange)} ${seq}`)
    const request = isEvent(exchange) ? undefined : keys.map((key) => requests.get(key)).find(Boolean)
    const bytes = redactor.message(exchange.bytes, request)
    if (exchange.direction === 'sent')
      for (const key of keys) requests.set(key, { before: exchange.bytes, after: bytes })
    return { ...exchange, bytes }
  })
}
