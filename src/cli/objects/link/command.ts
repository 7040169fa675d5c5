/** nlwire link. */
import type { Link, LinkChanges, LinkToAdd, Rtnl } from '../../../index.js'
import { linkMessage } from '../../../rtnl/index.js'
import type { Words } from '../grammar/words.js'
import { withIndexes } from '../session/indexes.js'
import type { Action, Session } from '../session/session.js'
import { linkLines } from './show.js'
import { type LinkWords, takeLink } from './words.js'

const verbs = {
  ...{ show: 'show', list: 'show', lst: 'show' },
  ...{ add: 'add', replace: 'replace', set: 'set', change: 'set', delete: 'delete', property: 'property' },
} as const

/** What `nlwire link` is to do. @throws Failure where the words are wrong */
export function linkAction(words: Words): Action {
  words.offer(Object.keys(verbs))
  const verb = words.done ? 'show' : words.choose(verbs, 'verb')
  words.command = `link ${verb}`
  switch (verb) {
    case 'add':
    case 'replace':
      return make(words, verb)
    case 'set':
      return change(words)
    case 'delete':
      return remove(words)
    case 'property':
      return property(words)
    default:
      return show(words)
  }
}

function show(words: Words): Action {
  let dev: string | undefined
  let master: string | undefined
  let kind: string | undefined
  let up = false
  while (!words.done) {
    if (words.take('dev')) dev = words.next('a name after dev')
    else if (words.take('master')) master = words.next('a name after master')
    else if (words.take('type')) kind = words.next('a kind after type')
    else if (words.take('up')) up = true
    else if (dev === undefined) dev = words.next('a name')
    else words.end(showWords)
  }
  words.offer(showWords)
  return async ({ rtnl: open, out }) => {
    const rtnl = await open()
    const filter = { ...(master === undefined ? {} : { master }), ...(kind === undefined ? {} : { kind }) }
    const one = dev === undefined ? undefined : await rtnl.links.get(dev)
    const filtered = master !== undefined || kind !== undefined
    const all = one && !filtered ? [one] : await rtnl.links.list(filter).toArray()
    const links = one ? all.filter(({ ifiIndex }) => ifiIndex === one.ifiIndex) : all
    await out.learn(rtnl, one || filtered ? undefined : all)
    for (const link of links) if (!up || isUp(link)) await out.add(link, (how) => linkLines(link, how))
    await out.end()
  }
}

const showWords = ['dev', 'master', 'type', 'up']
const isUp = ({ ifiFlags }: Link) => ifiFlags?.includes('up') === true

function make(words: Words, verb: 'add' | 'replace'): Action {
  const found = takeLink(words, 'ifname')
  return async (session) => {
    const { links } = await session.rtnl()
    const { siblings } = session
    await findLinks(found.link, links)
    await inPlace(found, session, async (link) => {
      if (verb === 'add') await links.add(link as unknown as LinkToAdd, { siblings })
      else await links.replace(link as unknown as LinkToAdd & { ifname: string }, { siblings })
    })
  }
}

function change(words: Words): Action {
  const found = takeLink(words, 'dev')
  if (found.link.dev === undefined) words.next('the name of the link')
  return async (session) => {
    const { links } = await session.rtnl()
    const { siblings } = session
    await findLinks(found.link, links)
    await inPlace(found, session, ({ dev, ...link }) => links.set(dev as string, link as LinkChanges, { siblings }))
  }
}

/** Finds the links that are named in the kind's data and elsewhere; the client finds the parent and the master itself. */
const findLinks = (link: Record<string, unknown>, links: Rtnl['links']): Promise<void> =>
  withIndexes(linkMessage, link, async (name) => (await links.get(name, { only: ['ifiIndex'] })).ifiIndex!, [
    'link',
    'master',
  ])

/** Sends a link with its namespaces: that of a pair's other end is held open meanwhile. */
async function inPlace(
  { link, peer }: LinkWords,
  { host }: Session,
  send: (link: LinkWords['link']) => Promise<void>,
): Promise<void> {
  // A number is a process, unless it is the name of a namespace, as for ip.
  const isProcess = (place: unknown) => /^\d+$/.test(String(place)) && !host.names().includes(String(place))
  const { netns, ...rest } = link
  const whole = isProcess(netns) ? { ...rest, netNsPid: Number(netns) } : link
  if (!peer) return send(whole)
  if (isProcess(peer.netns)) {
    peer.link.netNsPid = Number(peer.netns)
    return send(whole)
  }
  const opened = host.namespace(peer.netns)
  try {
    peer.link.netNsFd = opened.fd
    await send(whole)
  } finally {
    opened.close()
  }
}

function remove(words: Words): Action {
  const { dev, linkinfo: _, ...rest } = takeLink(words, 'dev').link
  if (dev === undefined) words.next('the name of the link')
  for (const name of Object.keys(rest)) throw words.wrong(`the name of the link is enough, without ${name}`)
  return async ({ rtnl }) => (await rtnl()).links.delete(dev as string)
}

function property(words: Words): Action {
  const verb = words.choose({ add: 'add', delete: 'delete' }, 'add or delete')
  const { dev, propList, ...rest } = takeLink(words, 'dev').link
  const names = (propList as { altIfname?: string[] } | undefined)?.altIfname
  if (dev === undefined || names === undefined || Object.keys(rest).length > 0)
    throw words.wrong('expected dev NAME altname NAME')
  return async ({ rtnl }) => {
    const { links } = await rtnl()
    if (verb === 'add') await links.addAltnames(dev as string, names)
    else await links.deleteAltnames(dev as string, names)
  }
}
