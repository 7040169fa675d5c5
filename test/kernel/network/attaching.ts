/** A program that attaches to a network and removes it, again and again: node attaching.js NETNS CONTAINER NETWORK ADDRESS. */
import { ipvlanNetwork } from '../../../src/network/index.js'

const [netns, container, name, address] = process.argv.slice(2) as [string, string, string, string]
for (let round = 0; round < 6; round++) {
  const net = await ipvlanNetwork({ name, parent: 'eth0.30', mode: 'l3', netns })
  await net.attach(container, { id: name, addresses: [address] })
  await net.remove()
}
