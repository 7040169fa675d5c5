/** nlwire netns. */
import { execIn } from '../../../netlink/socket/netns-exec.js'
import type { Words } from '../grammar/words.js'
import type { Action, Session } from '../session/session.js'
import { execWords } from './exec.js'
import { namespaceLines, nsidLines } from './show.js'

const verbs = {
  ...{ list: 'list', show: 'list', lst: 'list' },
  ...{ add: 'add', delete: 'delete', set: 'set', 'list-id': 'list-id', exec: 'exec' },
} as const

/** What `nlwire netns` is to do. @throws Failure where the words are wrong */
export function netnsAction(words: Words): Action {
  words.offer(Object.keys(verbs))
  const verb = words.done ? 'list' : words.choose(verbs, 'verb')
  words.command = `netns ${verb}`
  if (verb === 'add' || verb === 'delete') return makeOrDelete(words, verb)
  if (verb === 'set') return set(words)
  if (verb === 'exec') {
    const { name, command } = execWords(words)
    return async () => execIn(name, command)
  }
  words.end()
  return verb === 'list-id' ? listIds : list
}

function makeOrDelete(words: Words, verb: 'add' | 'delete'): Action {
  const name = words.next('the name of the namespace')
  words.end()
  return async ({ host }) => host.netns[verb === 'add' ? 'create' : 'delete'](name)
}

function set(words: Words): Action {
  const name = words.next('the name of the namespace')
  words.offer(['auto'])
  const id = words.next('an id from 0, or auto')
  if (id !== 'auto' && !/^\d+$/.test(id)) throw words.wrong(`"${id}": expected an id from 0, or auto`)
  words.end()
  return async ({ rtnl }) => {
    await (await rtnl()).namespaces.set(name, id === 'auto' ? -1 : Number(id))
  }
}

async function list({ rtnl, host, out }: Session): Promise<void> {
  const { namespaces } = await rtnl()
  for (const name of host.names()) {
    const nsid = await namespaces.get(name)
    const namespace = { name, ...(nsid === undefined ? {} : { nsid }) }
    await out.add(namespace, (how) => namespaceLines(namespace, how))
  }
  await out.end()
}

async function listIds({ rtnl, out }: Session): Promise<void> {
  const { namespaces } = await rtnl()
  for (const nsid of await namespaces.list().toArray()) await out.add(nsid, (how) => nsidLines(nsid, how))
  await out.end()
}
