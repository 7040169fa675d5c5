/** nlwire network: networks whose definitions are kept on disk. */
import { NetworkError } from '../../../network/errors.js'
import { Network } from '../../../network/network.js'
import { Site } from '../../../network/site.js'
import { networkSpec } from '../../../network/spec.js'
import { NetworkStore, type StoredNetwork } from '../../../network/store.js'
import { safe } from '../../output/escape.js'
import { jsonText } from '../../output/json-text.js'
import { flush, print, say } from '../../output/output.js'
import { Failure, status } from '../../process/failure.js'
import { type AttachWords, attachmentOf, attachOptions, type CreateWords, storedNetworkOf } from './definitions.js'
import { attachedLines, attachmentLine, networkLine, planLines, removedLine } from './show.js'

/** What the command line says. */
export type NetworkCommand = { readonly stateDir: string; readonly json: boolean } & (
  | ({ readonly verb: 'create' } & CreateWords)
  | ({ readonly verb: 'attach' | 'plan' } & AttachWords)
  | { readonly verb: 'detach'; readonly name: string; readonly id: string }
  | { readonly verb: 'ls'; readonly network?: string | undefined }
  | { readonly verb: 'check'; readonly name: string; readonly ids: readonly string[] }
  | { readonly verb: 'gc'; readonly name: string; readonly keep: readonly string[] }
  | { readonly verb: 'rm'; readonly name: string }
)

/** Does what the command line says. @returns the exit status */
export async function networkCommand(given: NetworkCommand): Promise<number> {
  const store = new NetworkStore(given.stateDir)
  try {
    const result = await done(store, given)
    await flush()
    return result
  } catch (error) {
    if (!(error instanceof NetworkError)) throw error
    await flush()
    say(error.message.split('\n').map(safe).join('\n'))
    return status.refused
  }
}

function done(store: NetworkStore, given: NetworkCommand): Promise<number> {
  switch (given.verb) {
    case 'create':
      return create(store, given)
    case 'attach':
      return attach(store, given, given.json)
    case 'plan':
      return plan(store, given, given.json)
    case 'detach':
      return detach(store, given)
    case 'ls':
      return given.network === undefined ? networks(store, given.json) : attachments(store, given.network, given.json)
    case 'check':
      return check(store, given)
    case 'gc':
      return collect(store, given)
    case 'rm':
      return remove(store, given)
  }
}

/** The network as it is defined. Nothing is looked at yet: one whose parent has gone can be cleaned up as well. */
const networkOf = ({ kind, options }: StoredNetwork): Network =>
  new Network(networkSpec(kind, options as never), new Site(options))

/** @throws Failure when there is none of this name */
function definition(store: NetworkStore, name: string): StoredNetwork {
  const found = store.read(name)
  if (found !== undefined) return found
  const names = store.names().join(', ')
  throw new Failure(`there is no network ${safe(name)} in ${safe(store.folder)}: it has ${safe(names) || 'none'}`)
}

async function create(store: NetworkStore, given: CreateWords): Promise<number> {
  const wanted = storedNetworkOf(given)
  const network = networkOf(wanted)
  if (store.read(given.name) !== undefined)
    throw new Failure(`there is a network ${safe(given.name)} already (${safe(store.file(given.name))})`)
  // First the definition: what is made after it can be found and removed, whatever happens.
  store.update(given.name, () => wanted)
  try {
    await network.create()
  } catch (error) {
    store.update(given.name, () => undefined)
    throw error
  }
  return status.done
}

async function attach(store: NetworkStore, given: AttachWords, json: boolean): Promise<number> {
  const known = definition(store, given.name)
  const wanted = attachmentOf(given)
  const attachment = await networkOf(known).attach(wanted.netns, attachOptions(wanted))
  keep(store, given.name, known, (before) => ({ ...before, [wanted.id]: wanted }))
  await print(...(json ? [jsonText(attachment)] : attachedLines(attachment)))
  return status.done
}

/** Changes which attachments are kept. */
function keep(
  store: NetworkStore,
  name: string,
  known: StoredNetwork,
  change: (before: StoredNetwork['attachments']) => StoredNetwork['attachments'],
): void {
  store.update(name, (now = known) => ({ ...now, attachments: change(now.attachments) }))
}

async function plan(store: NetworkStore, given: AttachWords, json: boolean): Promise<number> {
  const wanted = attachmentOf(given)
  const { steps } = await networkOf(definition(store, given.name)).plan(wanted.netns, attachOptions(wanted))
  await print(...(json ? [jsonText(steps)] : planLines(steps)))
  return status.done
}

async function detach(store: NetworkStore, { name, id }: { name: string; id: string }): Promise<number> {
  const known = definition(store, name)
  const addresses = known.attachments[id]?.addresses
  await networkOf(known).detach(id, { addresses })
  keep(store, name, known, ({ [id]: _, ...others }) => others)
  return status.done
}

async function networks(store: NetworkStore, json: boolean): Promise<number> {
  const all = store.names().map((name) => definition(store, name))
  await print(...(json ? [jsonText(all)] : all.map(networkLine)))
  return status.done
}

async function attachments(store: NetworkStore, name: string, json: boolean): Promise<number> {
  const all = await networkOf(definition(store, name)).list()
  await print(...(json ? [jsonText(all)] : all.map(attachmentLine)))
  return status.done
}

async function check(
  store: NetworkStore,
  { name, ids, json }: { name: string; ids: readonly string[]; json: boolean },
): Promise<number> {
  const known = definition(store, name)
  const network = networkOf(known)
  const all = ids.length > 0 ? ids : Object.keys(known.attachments)
  const found: object[] = []
  for (const id of all) {
    const drift = await network.check(id, known.attachments[id])
    found.push(...drift.map((one) => ({ id, ...one })))
    if (!json) await print(...drift.map(({ code, message }) => safe(`${id}: ${code}: ${message}`)))
  }
  if (json) await print(jsonText(found))
  return found.length > 0 ? status.differ : status.done
}

async function collect(
  store: NetworkStore,
  { name, keep: given, json }: { name: string; keep: readonly string[]; json: boolean },
): Promise<number> {
  const known = definition(store, name)
  const network = networkOf(known)
  const live = new Set(given)
  if (given.length === 0)
    for (const [id, wanted] of Object.entries(known.attachments)) {
      const codes = (await network.check(id, wanted)).map(({ code }) => code)
      if (!codes.includes('namespace-missing')) live.add(id)
    }
  const removed = await network.gc(live)
  keep(store, name, known, (before) => Object.fromEntries(Object.entries(before).filter(([id]) => live.has(id))))
  await print(...(json ? [jsonText(removed)] : removed.map(removedLine)))
  return status.done
}

async function remove(store: NetworkStore, { name, json }: { name: string; json: boolean }): Promise<number> {
  const removed = await networkOf(definition(store, name)).remove()
  store.update(name, () => undefined)
  await print(...(json ? [jsonText(removed)] : removed.map(removedLine)))
  return status.done
}
