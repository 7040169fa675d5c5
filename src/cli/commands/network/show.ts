/** Networks and attachments as people read them. */
import { dissect } from '../../../netlink/dissect/message.js'
import { annotate } from '../../../netlink/index.js'
import type { Attachment, ListedAttachment, PlannedStep, Removed } from '../../../network/index.js'
import type { StoredNetwork } from '../../../network/store.js'
import { route } from '../../../rtnl/protocol.js'
import { safe } from '../../output/escape.js'
import { colour, columns, comment } from '../../output/output.js'
import { foldNote } from '../../output/wrap.js'

/** `n30: ipvlan l3 on eth0, 192.168.30.0/24, 2 attachments`. */
export function networkLine({ kind, options, attachments }: StoredNetwork): string {
  const { name, parent, mode, subnets = [] } = options
  const on = parent === null ? 'a dummy' : (parent ?? 'the link of the default route')
  const count = Object.keys(attachments).length
  const facts = [`${kind}${mode === undefined ? '' : ` ${mode}`} on ${on}`, ...subnets]
  return safe(`${name}: ${facts.join(', ')}, ${count} ${count === 1 ? 'attachment' : 'attachments'}`)
}

/** `c1: eth0 in net1, up, 192.168.30.2/24`. */
export const attachmentLine = ({ id, ifname, where, up, addresses }: ListedAttachment): string =>
  safe(`${id}: ${[`${ifname} ${whereText(where)}`, up ? 'up' : 'down', ...addresses].join(', ')}`)

const whereText = (where: ListedAttachment['where']): string =>
  where === undefined ? "in the parent's namespace" : `in ${typeof where === 'string' ? where : JSON.stringify(where)}`

/** What was attached; without addresses, who it is for a DHCP server. */
export function attachedLines({ id, ifname, mac, mtu, addresses, dhcp }: Attachment): string[] {
  const line = `${id}: ${[ifname, mac, `mtu ${mtu}`, ...addresses].join(', ')}`
  return [line, ...(addresses.length > 0 ? [] : [`DHCP: udhcpc ${dhcp.udhcpc.join(' ')}`])].map((text) => safe(text))
}

/** `link eth0 of c1 in net1`. */
export const removedLine = ({ what, name, id, where }: Removed): string =>
  safe(
    [what, name, ...(id === undefined ? [] : ['of', id]), ...(where === undefined ? [] : [whereText(where)])].join(' '),
  )

/** Each step with its bytes. */
export const planLines = (steps: readonly PlannedStep[]): string[] =>
  steps.flatMap(({ title, side, request, annotated }) => [
    ...comment(`${title} (in the ${side === 'parent' ? "parent's" : "container's"} namespace)`).map(colour.bold),
    ...(request === undefined
      ? annotated.map((line) => safe(line))
      : annotate(request, dissect(route, request), { width: columns(), fold: foldNote, escape: safe })),
    '',
  ])
