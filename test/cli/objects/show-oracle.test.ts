/** What is shown of recorded links, addresses and routes agrees with what `ip -j -d` printed beside the recording. */
import { expect } from 'chai'
import { type Fixture, recordings } from '../../support/fixtures.js'
import { type Json, parseCommand } from '../../support/ip-json.js'
import { messagesOf, type ProtocolMessage, told } from '../../support/oracle.js'
import { agreeOnAddress, agreeOnLink, agreeOnRoute, detailed } from './show-agreement.js'

/** What ip says of links and of routes, each beside what the kernel told. */
function compare(
  object: string,
  { links, addresses, routes }: ProtocolMessage,
  all: ProtocolMessage['links'],
  said: readonly Json[],
): number {
  const options = detailed(all)
  let count = 0
  if (object === 'ip route') {
    expect(routes).to.have.length(said.length)
    for (const [i, one] of said.entries()) agreeOnRoute(routes[i]!, one, options)
    return said.length
  }
  for (const one of said) {
    const link = links.find(({ ifiIndex }) => ifiIndex === one.ifindex)!
    if (object === 'ip link') agreeOnLink(link, one, options)
    const own = addresses.filter(({ ifaIndex }) => ifaIndex === one.ifindex)
    const list = (one.addr_info ?? []) as Json[]
    if (object === 'ip addr') expect(own).to.have.length(list.length)
    for (const [i, address] of list.entries()) agreeOnAddress(own[i]!, address, options)
    count += object === 'ip addr' ? list.length : 1
  }
  return count
}

const noteOf = ({ recording }: Fixture, key: string) =>
  recording.notes.find((line) => line.startsWith(`${key}: `))?.slice(key.length + 2) ?? ''

describe('what is shown of recordings, and what ip said', () => {
  const compared = { 'ip link': 0, 'ip addr': 0, 'ip route': 0 }
  for (const fixture of recordings()) {
    const { object } = parseCommand(noteOf(fixture, 'oracle'))
    if (fixture.oracle === undefined || noteOf(fixture, 'cmd') !== noteOf(fixture, 'oracle')) continue
    if (!(object in compared)) continue
    it(fixture.name, () => {
      const messages = messagesOf(fixture.recording)
      const said = (fixture.oracle as Json[]).filter((one) => Object.keys(one).length > 0)
      compared[object as keyof typeof compared] += compare(object, told(messages, 0), told(messages).links, said)
    })
  }
  it('is compared for many of each', () => {
    expect(compared['ip link']).to.be.greaterThan(50)
    expect(compared['ip addr']).to.be.greaterThan(10)
    expect(compared['ip route']).to.be.greaterThan(20)
  })
})
