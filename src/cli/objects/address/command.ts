/** nlwire address. */
import type { AddressToAdd } from '../../../index.js'
import { INFINITY_LIFE_TIME } from '../../../rtnl/address/address.js'
import { parsePrefix } from '../../../rtnl/client/prefix.js'
import { addressMessage } from '../../../rtnl/index.js'
import { Dictionary } from '../grammar/dictionary.js'
import { type AddressFamily, checkFamily } from '../grammar/family.js'
import { setOnce } from '../grammar/slot.js'
import { addressSynonyms } from '../grammar/synonyms.js'
import type { Words } from '../grammar/words.js'
import type { Action } from '../session/session.js'
import { addressLines } from './show.js'

const verbs = {
  ...{ show: 'show', list: 'show', lst: 'show' },
  ...{ add: 'add', change: 'change', replace: 'replace', delete: 'delete' },
} as const
/** The words for the attributes of an address. */
export const addressWords = new Dictionary(addressMessage, addressSynonyms)
const showWords = ['dev', 'up']

/** What `nlwire address` is to do. @throws Failure where the words are wrong */
export function addressAction(words: Words, family: AddressFamily): Action {
  words.offer(Object.keys(verbs))
  const verb = words.done ? 'show' : words.choose(verbs, 'verb')
  words.command = `address ${verb}`
  if (verb === 'show') return show(words)
  const address = takeAddress(words, family)
  return async ({ rtnl }) => {
    const { addresses } = await rtnl()
    if (verb === 'delete') await addresses.delete(address)
    else if (verb === 'add') await addresses.add(withDefaults(address))
    else if (verb === 'replace') await addresses.replace(withDefaults(address))
    else await addresses.set(withDefaults(address))
  }
}

function show(words: Words): Action {
  let dev: string | undefined
  let up = false
  while (!words.done) {
    if (words.take('dev')) dev = words.next('a name after dev')
    else if (words.take('up')) up = true
    else if (dev === undefined) dev = words.next('a name')
    else words.end(showWords)
  }
  words.offer(showWords)
  return async ({ rtnl: open, out, family }) => {
    const rtnl = await open()
    const filter = { ...(dev === undefined ? {} : { dev }), ...(family === undefined ? {} : { family }) }
    const links = dev === undefined ? await rtnl.links.list().toArray() : [await rtnl.links.get(dev)]
    const addresses = await rtnl.addresses.list(filter).toArray()
    await out.learn(rtnl, dev === undefined ? links : undefined)
    for (const link of links) {
      if (up && !link.ifiFlags?.includes('up')) continue
      const its = addresses.filter(({ ifaIndex }) => ifaIndex === link.ifiIndex)
      if (family !== undefined && its.length === 0) continue
      await out.addAll(its, (how) => addressLines(link, its, how))
    }
    await out.end()
  }
}

function takeAddress(words: Words, family: AddressFamily): AddressToAdd {
  const address: Record<string, unknown> = {}
  const bare = () => {
    const text = words.next('an address')
    checkFamily(words, text, family)
    setOnce(words, address, 'address', text)
  }
  while (!words.done) {
    if (words.take('dev')) setOnce(words, address, 'dev', words.next('a name after dev'))
    else if (words.take('local', 'address')) bare()
    else if (words.take('peer', 'remote')) setOnce(words, address, 'peer', words.next('an address after peer'))
    else if (['broadcast', 'brd'].includes(words.peek()!) && ['+', '-'].includes(words.peek(1) ?? '')) {
      words.next('broadcast')
      setOnce(words, address, 'broadcast', words.next('+ or -'))
    } else if (addressWords.take(words, address, address.address !== undefined)) continue
    else if (address.address === undefined) bare()
    else throw words.unknown(words.peek()!, names)
  }
  words.offer(names)
  if (address.address === undefined) words.next('the address')
  if (address.dev === undefined) throw words.wrong('dev and the name of the link are missing')
  return computed(words, address as unknown as AddressToAdd)
}

const names = [...addressWords.names, 'dev', 'local', 'peer']

/** What is worked out from other words: the broadcast address, and the lifetime that is not said. */
function computed(words: Words, address: AddressToAdd): AddressToAdd {
  const { broadcast, cacheinfo, ...rest } = address
  const { ifaValid = INFINITY_LIFE_TIME } = cacheinfo ?? {}
  return {
    ...rest,
    ...(cacheinfo ? { cacheinfo: { ifaPrefered: ifaValid, ...cacheinfo, ifaValid } } : {}),
    ...(broadcast === undefined ? {} : { broadcast: broadcastOf(words, address.address, broadcast) }),
  }
}

/** `+`: all bits of the host are one; `-`: they are zero. */
function broadcastOf(words: Words, address: string, wanted: string): string {
  if (wanted !== '+' && wanted !== '-') return wanted
  const prefix = parsePrefix(address)
  if (prefix?.family !== 'inet') throw words.wrong(`broadcast ${wanted} needs an IPv4 address, not "${address}"`)
  const host = 2 ** (32 - prefix.length) - 1
  const number = prefix.address.split('.').reduce((all, part) => 256 * all + Number(part), 0)
  const all = number - (number % (host + 1)) + (wanted === '+' ? host : 0)
  return [24, 16, 8, 0].map((bits) => Math.floor(all / 2 ** bits) % 256).join('.')
}

/** Addresses of the loopback network reach no further than this machine, as ip has it. */
const withDefaults = (address: AddressToAdd): AddressToAdd =>
  address.ifaScope === undefined && address.address.startsWith('127.') ? { ...address, ifaScope: 'host' } : address
