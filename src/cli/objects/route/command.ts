/** nlwire route. */
import type { Route, RouteFilter } from '../../../index.js'
import { KernelError } from '../../../netlink/index.js'
import { parsePrefix, sameAddress } from '../../../rtnl/client/prefix.js'
import { routeMessage, rtmsg } from '../../../rtnl/index.js'
import { type AddressFamily, checkFamily } from '../grammar/family.js'
import { readingOf } from '../grammar/value.js'
import type { Words } from '../grammar/words.js'
import type { Action } from '../session/session.js'
import { routeLines } from './show.js'
import { takeRoute } from './words.js'

const verbs = {
  ...{ show: 'show', list: 'show', lst: 'show' },
  ...{ add: 'add', change: 'change', replace: 'replace', delete: 'delete', get: 'get' },
} as const

/** What `nlwire route` is to do. @throws Failure where the words are wrong */
export function routeAction(words: Words, family: AddressFamily): Action {
  words.offer(Object.keys(verbs))
  const verb = words.done ? 'show' : words.choose(verbs, 'verb')
  words.command = `route ${verb}`
  if (verb === 'show') return show(words, family)
  if (verb === 'get') return get(words, family)
  const route = takeRoute(words, family)
  return async ({ rtnl }) => {
    const { routes } = await rtnl()
    if (verb === 'delete') await routes.delete(route)
    else if (verb === 'add') await routes.add(route)
    else if (verb === 'replace') await routes.replace(route)
    else await routes.set(route)
  }
}

function get(words: Words, family: AddressFamily): Action {
  let to: string | undefined
  let from: string | undefined
  while (!words.done) {
    if (words.take('to')) to = words.next('an address after to')
    else if (words.take('from')) from = words.next('an address after from')
    else if (to === undefined) to = words.next('an address')
    else words.end(['to', 'from'])
  }
  words.offer(['from'])
  const address = to ?? words.next('the address')
  checkFamily(words, address, family)
  return async ({ rtnl: open, out }) => {
    const rtnl = await open()
    const route = await rtnl.routes.get(address, from === undefined ? {} : { from })
    await out.learn(rtnl)
    await out.add(route, (how) => routeLines(route, how))
    await out.end()
  }
}

const showWords = ['table', 'dev', 'proto', 'type', 'scope', 'exact', 'default']

function show(words: Words, family: AddressFamily): Action {
  const asked: { table?: unknown; protocol?: unknown; type?: unknown; dev?: string } = {}
  let scope: unknown
  let exact: string | undefined
  while (!words.done) {
    if (words.take('table')) asked.table = words.peek() === 'all' ? words.next('all') : valueAfter(words, 'table')
    else if (words.take('proto', 'protocol')) asked.protocol = valueAfter(words, 'rtmProtocol')
    else if (words.take('type')) asked.type = valueAfter(words, 'rtmType')
    else if (words.take('scope')) scope = valueAfter(words, 'rtmScope')
    else if (words.take('dev')) asked.dev = words.next('a name after dev')
    else if (words.take('exact', 'to') || exact === undefined) exact = words.next('a prefix')
    else words.end(showWords)
  }
  words.offer(showWords)
  const { table = 'main', ...rest } = asked
  const wanted = prefixOf(words, exact, family)
  return async ({ rtnl: open, out }) => {
    const rtnl = await open()
    await out.learn(rtnl)
    const all = table === 'all'
    const filter = {
      ...rest,
      ...(all ? {} : { table }),
      ...familyOf(family ?? wanted?.family ?? (all ? undefined : 'inet')),
    }
    const fits = (route: Route) =>
      !route.rtmFlags?.includes('cloned') &&
      (scope === undefined || route.rtmScope === scope) &&
      (wanted === undefined || isTo(route, wanted))
    try {
      for await (const route of rtnl.routes.list(filter as RouteFilter))
        if (fits(route)) await out.add(route, (how) => routeLines(route, how))
    } catch (error) {
      // A namespace that never had a route has no main table: that is no error unless the table was asked for.
      const isEmpty = error instanceof KernelError && error.errnoName === 'ENOENT' && asked.table === undefined
      if (!isEmpty) throw error
    }
    await out.end()
  }
}

const familyOf = (family: AddressFamily) => (family === undefined ? {} : { family })

/** The value of a member of a route that comes next, as its definition reads it. */
function valueAfter(words: Words, name: 'table' | keyof typeof rtmsg.members): unknown {
  const type = name === 'table' ? routeMessage.attribute(name)!.type : rtmsg.members[name]
  const word = words.next('a value')
  const found = readingOf(type, word, {})
  if ('problem' in found) throw words.wrong(`"${word}": ${found.problem}`)
  return found.value
}

interface Wanted {
  readonly family: AddressFamily
  readonly address: string | undefined
  readonly length: number
}

function prefixOf(words: Words, text: string | undefined, family: AddressFamily): Wanted | undefined {
  if (text === undefined) return undefined
  if (text === 'default') return { family: undefined, address: undefined, length: 0 }
  const prefix = parsePrefix(text)
  if (!prefix) throw words.unknown(text, showWords)
  checkFamily(words, text, family)
  return prefix
}

const isTo = ({ dst, rtmDstLen = 0 }: Route, { address, length }: Wanted): boolean =>
  rtmDstLen === length && (length === 0 || sameAddress(dst, address))
