/** The ipvlan experiment itself: what is done, whatever the kernel it is done on, or the recording that stands for it. */
import { type Host, type Link, type Namespace, openRtnl } from 'nlwire'
import { type Exchange, recordingHost } from 'nlwire/testing'
import type { Narrator } from './narrator.js'

/** Where the experiment takes place. */
export interface Place {
  readonly host: Host
  /** The namespace of the parent link, and those of the two ipvlan links. */
  readonly namespaces: { readonly parent: Namespace; readonly net1: Namespace; readonly net2: Namespace }
  /** Sends three packets from net1 to an address and waits for the answers. */
  ping(address: string): Promise<string>
}

const PARENT = 'parent0'
const sides = [
  { side: 'net1', ifname: 'ipv1', address: '10.0.1.10/24' },
  { side: 'net2', ifname: 'ipv2', address: '192.168.1.10/24' },
] as const

/**
 * Two ipvlan links in mode l3 on one parent, one in each of two namespaces, with an address and a default route each;
 * three pings from one to the other; and the links read back.
 * @returns all that went over the sockets
 */
export async function experiment(place: Place, narrator: Narrator): Promise<Exchange[]> {
  const { host, exchanges } = recordingHost(place.host, (exchange) => narrator.exchange(exchange))
  const { namespaces } = place
  await using outside = await openRtnl({ host, netns: namespaces.parent })
  await using net1 = await openRtnl({ host, netns: namespaces.net1 })
  await using net2 = await openRtnl({ host, netns: namespaces.net2 })

  narrator.step(`a dummy link ${PARENT}, to be the parent`)
  const parent = await outside.links.add({ ifname: PARENT, address: '02:00:00:00:00:01', linkinfo: { kind: 'dummy' } })
  await outside.links.set(parent, { up: true })

  for (const { ifname, side } of sides) {
    narrator.step(`the ipvlan link ${ifname} in mode l3 on ${PARENT}, moved into ${side}`)
    const link = await outside.links.add({ ifname, link: parent, linkinfo: { kind: 'ipvlan', data: { mode: 'l3' } } })
    await outside.links.set(link, { netns: namespaces[side] })
  }

  const read: Link[] = []
  for (const [inside, { side, ifname, address }] of [
    [net1, sides[0]],
    [net2, sides[1]],
  ] as const) {
    narrator.step(`in ${side}: ${ifname} up, with ${address} and a default route`)
    await inside.links.set('lo', { up: true })
    await inside.links.set(ifname, { up: true })
    await inside.addresses.add({ dev: ifname, address })
    await inside.routes.add({ dst: 'default', dev: ifname })
  }

  const target = sides[1].address.replace(/\/.*/, '')
  narrator.step(`3 pings from net1 to ${target}`)
  narrator.say(await place.ping(target))

  for (const [inside, { side, ifname }] of [
    [net1, sides[0]],
    [net2, sides[1]],
  ] as const) {
    narrator.step(`${ifname} read back in ${side}`)
    read.push(await inside.links.get(ifname))
  }
  for (const link of read) {
    if (link.linkinfo?.kind !== 'ipvlan' || link.linkinfo.data?.mode !== 'l3')
      throw new Error(`${link.ifname} is not an ipvlan in mode l3: ${JSON.stringify(link.linkinfo)}`)
    narrator.say(`${link.ifname}: kind ${link.linkinfo.kind}, mode ${link.linkinfo.data.mode}`)
  }
  return exchanges
}
