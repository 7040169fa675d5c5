/** The attributes of a route on the command line. */
import type { Nexthop, RouteToAdd } from '../../../index.js'
import { parsePrefix } from '../../../rtnl/client/prefix.js'
import { routeMessage, routeMetrics, routeTypes } from '../../../rtnl/index.js'
import { Dictionary } from '../grammar/dictionary.js'
import { type AddressFamily, checkFamily } from '../grammar/family.js'
import { setOnce } from '../grammar/slot.js'
import { metricSynonyms, routeSynonyms } from '../grammar/synonyms.js'
import type { Words } from '../grammar/words.js'

type Values = Record<string, unknown>

/** The words for the attributes of a route, and for its metrics. */
export const routeWords = new Dictionary(routeMessage, routeSynonyms)
export const routeMetricWords = new Dictionary(routeMetrics, metricSynonyms)
const typeNames = Object.keys(routeTypes)
const routeNames: readonly string[] = [...routeWords.names, ...routeMetricWords.names, 'via', 'dev', 'from', 'nexthop']

/**
 * Takes a route: [TYPE] PREFIX and its attributes, up to the end.
 * @throws Failure where the words are wrong
 */
export function takeRoute(words: Words, family: AddressFamily): RouteToAdd {
  const route: Values = {}
  const hops: Nexthop[] = []
  const type = words.take(...typeNames)
  if (type !== undefined) route.rtmType = type
  while (!words.done) {
    if (words.take('to')) setOnce(words, route, 'dst', takeDestination(words, family))
    else if (words.take('dev', 'oif')) setOnce(words, route, 'dev', words.next('a name after dev'))
    else if (words.take('via')) setOnce(words, route, 'gateway', takeGateway(words))
    else if (words.take('nexthop')) hops.push(takeNexthop(words))
    else if (words.take('from')) Object.assign(route, sourceOf(words))
    else if (takeMetric(words, route) || routeWords.take(words, route, route.dst !== undefined)) continue
    else if (route.dst === undefined) route.dst = takeDestination(words, family)
    else throw words.unknown(words.peek()!, routeNames)
  }
  words.offer(route.dst === undefined ? [...typeNames, 'default'] : routeNames)
  if (route.dst === undefined) words.next('the destination')
  if (hops.length > 0) route.nexthops = hops
  if (route.dst === 'default' && family !== undefined) route.family = family
  return route as unknown as RouteToAdd
}

/** @throws Failure for what is no address, before anything else is asked */
function takeDestination(words: Words, family: AddressFamily): string {
  const word = words.next('a prefix')
  checkFamily(words, word, family)
  if (word === 'default' || parsePrefix(word)) return word
  throw words.wrong(`"${word}": expected default, or a prefix such as 10.0.0.0/8 or 2001:db8::/32`)
}

/** The address after via, with or without its family before it. */
function takeGateway(words: Words): string {
  const family = words.take('inet', 'inet6')
  const address = words.next('an address after via')
  checkFamily(words, address, family as AddressFamily)
  return address
}

function takeNexthop(words: Words): Nexthop {
  const hop: { -readonly [K in keyof Nexthop]: Nexthop[K] } = {}
  while (!words.done && words.peek() !== 'nexthop') {
    if (words.take('via')) hop.gateway = takeGateway(words)
    else if (words.take('dev')) hop.dev = words.next('a name after dev')
    else if (words.take('weight')) hop.weight = takeWeight(words)
    else if (words.take('onlink')) hop.onlink = true
    else throw words.unknown(words.peek()!, hopNames)
  }
  words.offer(hopNames)
  return hop
}

function takeWeight(words: Words): number {
  const word = words.next('a number after weight')
  if (/^\d+$/.test(word)) return Number(word)
  throw words.wrong(`weight "${word}": expected a number from 1 to 256`)
}

const hopNames = ['via', 'dev', 'weight', 'onlink', 'nexthop']

function sourceOf(words: Words): Values {
  const text = words.next('a prefix after from')
  const prefix = parsePrefix(text)
  if (!prefix) throw words.wrong(`from "${text}": expected a prefix such as 10.0.0.0/8 or 2001:db8::/32`)
  return { src: prefix.address, rtmSrcLen: prefix.length }
}

/** Takes NAME [lock] VALUE of a metric. */
function takeMetric(words: Words, route: Values): boolean {
  const slot = routeMetricWords.next(words)
  if (slot?.is !== 'value') return false
  const name = slot.path[0]!
  route.metrics ??= {}
  const into = route.metrics as { lock?: string[] }
  const isLocked = name !== 'lock' && words.peek(1) === 'lock'
  if (isLocked) words.replace(2, [words.peek()!])
  // The kernel heeds rtoMin only where it is locked, so ip locks it always.
  if (isLocked || name === 'rtoMin') into.lock = [...new Set([...(into.lock ?? []), name])]
  return routeMetricWords.take(words, into)
}
