/** nlwire link. */
import type { Link, LinkChanges, LinkToAdd } from '../../index.js'
import type { Action, Session } from './action.js'
import { type LinkWords, takeLink } from './link-words.js'
import { linkLines } from './show/index.js'
import type { Words } from './words.js'

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
    const links = dev === undefined ? await rtnl.links.list(filter).toArray() : [await rtnl.links.get(dev)]
    const all = dev === undefined && master === undefined && kind === undefined
    await out.learn(rtnl, all ? links : undefined)
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
    await withPeer(found, session, async () => {
      if (verb === 'add') await links.add(found.link as unknown as LinkToAdd, { siblings })
      else await links.replace(found.link as unknown as LinkToAdd & { ifname: string }, { siblings })
    })
  }
}

function change(words: Words): Action {
  const found = takeLink(words, 'dev')
  const { dev, ...link } = found.link
  if (dev === undefined) words.next('the name of the link')
  return async (session) => {
    const { links } = await session.rtnl()
    const { siblings } = session
    await withPeer(found, session, () => links.set(dev as string, link as LinkChanges, { siblings }))
  }
}

/** The namespace of a pair's other end is named by a descriptor, which stays open meanwhile. */
async function withPeer({ peer }: LinkWords, { host }: Session, send: () => Promise<void>): Promise<void> {
  if (!peer) return send()
  const opened = host.namespace(peer.netns)
  try {
    peer.link.netNsFd = opened.fd
    await send()
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
