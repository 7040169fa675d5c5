/** What members of the configuration do. */
import { spawnSync } from 'node:child_process'
import { expect } from 'chai'
import { netns } from '../../../src/netlink/socket/netns.js'
import { sysctl } from '../../../src/netlink/socket/sysctl.js'
import { bad, fake, fixed, good, links, look, newest, ours, run, setUp, tearDown } from './lab.js'

const ipvlan = ours('ipvlan')
const macvlan = ours('macvlan')

describe('members of the configuration of the CNI plugin', () => {
  beforeEach(setUp)
  afterEach(tearDown)

  it('linkInContainer: the parent is in the namespace of the container', async () => {
    run('ip -n n1 link add p0 type dummy')
    run('ip -n n1 link set p0 up')
    const conf = fixed('10.0.1.2/24', { master: 'p0', linkInContainer: true })
    const prevResult = await good(ipvlan('ADD', conf))
    expect(look('n1').addresses[0].local).to.equal('10.0.1.2')
    await good(ipvlan('CHECK', { ...conf, prevResult }))
    expect((await bad(ipvlan('ADD', conf, { ns: 'n2' }))).msg).to.equal('"master": there is no link p0 (parent)')
    await good(ipvlan('DEL', conf))
    expect(links('n1')).to.deep.equal(['p0'])
  })

  it('hostAccess: the host reaches the containers, until DEL', async () => {
    const hostAccess = { addresses: ['10.0.1.254'] }
    const conf = fixed('10.0.1.2/24', { mode: 'l3', hostAccess })
    const reaches = () => spawnSync('ping', ['-c', '1', '-W', '2', '10.0.1.2']).status === 0
    await good(ipvlan('ADD', { ...conf, hostAccess: false }))
    expect(reaches()).to.equal(false)
    await good(ipvlan('DEL', conf))
    await good(ipvlan('ADD', conf))
    expect(reaches()).to.equal(true)
    await good(ipvlan('DEL', conf))
    expect(run('ip route show 10.0.1.2')).to.equal('')
    // The container can be gone before DEL: which addresses it had, the result says.
    const prevResult = await good(ipvlan('ADD', conf, { ns: 'n2' }))
    netns.delete('n2')
    expect(run('ip route show 10.0.1.2')).to.contain('10.0.1.2 dev')
    await good(ipvlan('DEL', { ...conf, prevResult }, { ns: 'n2' }))
    expect(run('ip route show 10.0.1.2')).to.equal('')
  })

  it('proxy: the parent answers for the containers, until DEL', async () => {
    const more = { mode: 'l3s', proxy: true, hostAccess: { addresses: ['10.0.1.254'] } }
    const conf = fixed('10.0.1.2/24', more)
    expect((await bad(ipvlan('ADD', { ...conf, mode: 'l3' }))).msg).to.match(/^proxy: expected none in mode l3/)
    expect((await bad(ipvlan('ADD', conf))).msg).to.match(/^proxy needs settings of eth0 .* sysctl -w/)
    expect([links('n1'), run('ip neigh show proxy')]).to.deep.equal([[], ''])
    sysctl.set('net/ipv4/conf/eth0/forwarding', '1')
    await good(ipvlan('ADD', conf))
    expect(run('ip neigh show proxy')).to.match(/^10.0.1.2 dev eth0 proxy/)
    await good(ipvlan('DEL', conf))
    expect(run('ip neigh show proxy')).to.equal('')
  })

  it('flags: private containers do not reach each other', async () => {
    const conf = (address: string) => fixed(address, { mode: 'l2', flags: ['private'] })
    await good(ipvlan('ADD', conf('10.0.1.2/24')))
    await good(ipvlan('ADD', conf('10.0.1.3/24'), { id: 'c2', ns: 'n2' }))
    expect(run('ip -n n1 -d link show eth0')).to.contain('mode l2 private')
    expect(spawnSync('ip', ['netns', 'exec', 'n1', 'ping', '-c', '1', '-W', '1', '10.0.1.3']).status).to.equal(1)
  })

  it('bcqueuelen, the hardware address of the runtime', async () => {
    const runtimeConfig = { mac: '02:00:00:00:00:09' }
    const conf = newest({ mode: '', bcqueuelen: 77, runtimeConfig, capabilities: { mac: true } })
    const { interfaces } = await good(macvlan('ADD', conf, { env: fake('10.0.1.2/24') }))
    expect(interfaces[0].mac).to.equal(runtimeConfig.mac)
    expect(run('ip -n n1 -d link show eth0')).to.contain('bcqueuelen 77')
  })
})
