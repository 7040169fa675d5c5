/**
 * Two networks on one parent, 192.168.30.0/24 and 192.168.110.0/24 in mode l3: a container of each, and they reach each other.
 * Needs root, and a kernel with ipvlan.
 *
 *   npm run build && node dist/examples/two-networks.js
 */
import { spawnSync } from 'node:child_process'
import { netns, openRtnl } from 'nlwire'
import { ipvlanNetwork, type Network, NetworkError } from 'nlwire/network'

// A dummy stands for the network card: on a machine of yours, give its name in place of this one's.
const parent = 'example0'
const networks: Network[] = []
const containers = ['example-c1', 'example-c2']

const rtnl = await openRtnl()
try {
  await rtnl.links.add({ ifname: parent, up: true, linkinfo: { kind: 'dummy' } })
  for (const name of containers) netns.create(name)

  for (const [i, subnet] of ['192.168.30', '192.168.110'].entries()) {
    const net = await ipvlanNetwork({ name: `example${i + 1}`, parent, mode: 'l3', subnets: [`${subnet}.0/24`] })
    networks.push(net)
    const { ifname, addresses, routes } = await net.attach(containers[i], {
      id: `c${i + 1}`,
      addresses: [`${subnet}.2`],
    })
    console.log(`${containers[i]}: ${ifname} has ${addresses} and a route to ${routes.map(({ dst }) => dst)}`)
  }

  const ping = ['ping', '-c', '3', '-i', '0.2', '-W', '5', '192.168.110.2']
  const { stdout } = spawnSync('nsenter', [`--net=/run/netns/${containers[0]}`, ...ping], { encoding: 'utf8' })
  console.log(`c1 to c2: ${/\d+ packets .* packet loss/.exec(stdout)?.[0] ?? 'no ping here'}`)

  // The mode belongs to the parent. The kernel would switch both networks without a word.
  await ipvlanNetwork({ name: 'example3', parent, mode: 'l2' }).catch((error: unknown) => {
    if (!(error instanceof NetworkError)) throw error
    console.log(`a network in mode l2 is refused (${error.code}): ${error.message}`)
  })
} finally {
  for (const net of networks)
    for (const { what, name, id } of await net.remove()) console.log(`removed: the ${what} ${name} of ${id}`)
  for (const name of containers) if (netns.exists(name)) netns.delete(name)
  await rtnl.links.delete(parent).catch(() => {})
  rtnl.close()
}
