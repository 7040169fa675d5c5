/** Network namespaces and their ids, as `ip netns` has them. */
import { type Nsid, nsidMessage } from '../../../rtnl/index.js'
import { safe } from '../../output/escape.js'
import { colour } from '../../output/output.js'
import type { ShowOptions } from '../show/names.js'
import { pair, words } from '../show/words.js'

interface Namespace {
  readonly name?: string | undefined
  /** The id that it has here. */
  readonly nsid?: number | undefined
}

/** A namespace as a line, as `ip netns list` has it: `net1 (id: 0)`. */
export function namespaceLines({ name, nsid }: Namespace, _options: ShowOptions): string[] {
  const parts = [name === undefined ? [] : [colour.bold(safe(name))], nsid === undefined ? [] : [`(id: ${nsid})`]]
  return [parts.flat().join(' ')]
}

const notAmongOthers = new Set(['rtgenFamily', 'nsid', 'currentNsid'])

/** An id as a line, as `ip netns list-id` has it. -1 is that of a namespace that has none. */
export function nsidLines(value: Nsid, options: ShowOptions): string[] {
  const id = (nsid: number | undefined) => (nsid === -1 ? 'unassigned' : nsid)
  const shown = [...pair('nsid', id(value.nsid)), ...pair('current-nsid', id(value.currentNsid))]
  return [[...shown, ...(options.details ? words(value, nsidMessage, notAmongOthers) : [])].join(' ')]
}
