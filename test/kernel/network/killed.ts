/** A program that is killed after a change: node killed.js NETNS CONTAINER attach|remove CHANGE. */
import { ipvlanNetwork } from '../../../src/network/index.js'
import { attachment, description } from './described.js'
import { faultyHost } from './faulty-host.js'

const [netns, container, what, change] = process.argv.slice(2) as [string, string, string, string]
const host = faultyHost(
  () => undefined,
  (sent) => {
    if (sent === Number(change)) process.kill(process.pid, 'SIGKILL')
  },
)
const net = await ipvlanNetwork({ ...description(netns), host })
if (what === 'attach') await net.attach(container, attachment)
else {
  await net.detach(attachment.id)
  await net.remove()
}
