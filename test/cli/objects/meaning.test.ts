/** What follows on the command line from what a definition says that a value means. */
import { expect } from 'chai'
import { linkLines } from '../../../src/cli/objects/link/show.js'
import { withIndexes } from '../../../src/cli/objects/session/indexes.js'
import { usageLines } from '../../../src/cli/objects/usage.js'
import { decode } from '../../../src/netlink/index.js'
import { type Link, linkMessage, route } from '../../../src/rtnl/index.js'
import { rejection } from '../../support/things.js'
import { sentFor } from './dry.js'
import { plainLines } from './show-agreement.js'

const bodies = async (...words: string[]): Promise<Link[]> =>
  (await sentFor('link', words)).flatMap((bytes) => decode(route, bytes).map(({ body }) => body as Link))
const last = async (...words: string[]) => (await bodies(...words)).at(-1)!
const refusal = async (...words: string[]) => String((await rejection(sentFor('link', words))).message)

describe('the meaning of values on the command line', () => {
  it('on and off are yes and no where the definition says so', async () => {
    const { linkinfo } = await last('add', 'br0', 'type', 'bridge', 'vlan_filtering', 'on', 'mcast_snooping', 'off')
    expect(linkinfo?.data).to.deep.equal({ vlanFiltering: 1, mcastSnooping: 0 })
    expect(await last('set', 'a', 'proto_down', 'yes')).to.include({ protoDown: 1 })
  })

  it('on is no number anywhere else', async () => {
    for (const words of [
      ['mcast_igmp_version', 'on'],
      ['mcast_mld_version', 'yes'],
      ['mcast_hash_max', 'true'],
    ])
      expect(await refusal('add', 'br0', 'type', 'bridge', ...words)).to.match(/expected an integer from \d+ to \d+/)
  })

  it('a number out of range is refused with what is accepted', async () => {
    expect(await refusal('add', 'link', 'd0', 'name', 'v', 'type', 'vlan', 'id', '9999')).to.equal(
      'link add: id "9999": expected an integer from 0 to 4094',
    )
  })

  it('an index can be a name: it is asked for', async () => {
    const all = await bodies('set', 'a', 'type', 'bridge_slave', 'backup_port', 'eth1')
    expect(all.slice(0, 2).map(({ ifname }) => ifname)).to.have.members(['a', 'eth1'])
    expect(all.at(-1)!.linkinfo?.slaveData).to.deep.equal({ backupPort: 1 })
    expect((await last('set', 'a', 'type', 'bridge_slave', 'backup_port', '7')).linkinfo?.slaveData).to.deep.equal({
      backupPort: 7,
    })
  })

  it('names are found however deep, and only where an index stands', async () => {
    const link: Record<string, unknown> = {
      ...{ ifname: 'eth9', link: 'eth0' },
      linkinfo: { kind: 'veth', data: { peer: { ifname: 'x', master: 'br0' } } },
    }
    const asked: string[] = []
    await withIndexes(linkMessage, link, async (name) => asked.push(name) + 40, ['link'])
    expect(asked).to.deep.equal(['br0'])
    expect(link).to.deep.include({ ifname: 'eth9', link: 'eth0' })
    expect(link.linkinfo).to.deep.equal({ kind: 'veth', data: { peer: { ifname: 'x', master: 41 } } })
  })

  it('an index is shown as a name, yes and no as on and off', () => {
    const link: Link = {
      ifiIndex: 2,
      ifname: 'a',
      linkinfo: { slaveKind: 'bridge', slaveData: { backupPort: 3, isolated: 1 } },
    } as Link
    const lines = plainLines(linkLines(link, { details: true, nameOf: (index) => (index === 3 ? 'eth1' : undefined) }))
    expect(lines.join('\n')).to.include('bridge_slave backup_port eth1 isolated on')
  })

  it('a time can have a unit', async () => {
    const words = ['type', 'bridge', 'forward_delay', '15s', 'mcast_query_interval', '500ms']
    expect((await last('add', 'br0', ...words)).linkinfo?.data).to.deep.equal({
      forwardDelay: 1500,
      mcastQueryIntvl: 50n,
    })
    expect(await refusal('add', 'br0', 'type', 'bridge', 'forward_delay', '1ms')).to.match(/expected an integer/)
    expect(await refusal('set', 'a', 'mtu', '5s')).to.match(/expected an integer/)
  })

  it('the usage says units, and leaves out what cannot be set', () => {
    const usage = usageLines('link', 'bridge', 200).join('\n')
    expect(usage).to.match(/hello_time +100\.\.1000, in hundredths of a second/)
    expect(usage).to.match(/vlan_filtering +on \| off/)
    expect(usage).not.to.match(/root_path_cost|gc_timer/)
    expect(usageLines('link', 'bridge_slave', 200).join('\n')).to.match(/backup_port +NAME or index of a link/)
    expect(usageLines('link', 'vlan', 200).join('\n')).to.match(/id +0\.\.4094 \(required\) \(only for a new one\)/)
  })
})
