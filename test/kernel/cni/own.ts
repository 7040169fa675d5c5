/** What the CNI plugin does that the reference plugins do not, or not so. */
import { expect } from 'chai'
import {
  bad,
  dual,
  fake,
  fakeCalls,
  fixed,
  good,
  type Json,
  leased,
  leases,
  links,
  newest,
  ours,
  reference,
  run,
  setting,
  setUp,
  tearDown,
} from './lab.js'

const ipvlan = ours('ipvlan')
const macvlan = ours('macvlan')

describe('the CNI plugin', () => {
  beforeEach(setUp)
  afterEach(tearDown)

  it('what is not the same: neighbours are told of IPv6, addresses stay while the link is down, no DAD, a mark', async () => {
    await good(ipvlan('ADD', dual()))
    expect(setting('n1', 'ipv6/conf/eth0/ndisc_notify')).to.equal(1)
    expect(setting('n1', 'ipv6/conf/eth0/keep_addr_on_down')).to.equal(1)
    expect(run('ip -n n1 -6 addr show dev eth0')).to.match(/fd00:1::2\/64 scope global nodad/)
    expect(links('n1')).to.deep.equal(['eth0 nlwire:attachment:n:c1/eth0'])
    await good(ipvlan('DEL', dual()))
    await good(ipvlan('ADD', dual({ notify: false, dad: 'wait' })))
    expect(run('ip -n n1 -6 addr show dev eth0')).to.match(/fd00:1::3\/64 scope global *\n/)
    expect(setting('n1', 'ipv6/conf/eth0/ndisc_notify')).to.equal(0)
    expect(setting('n1', 'ipv4/conf/eth0/arp_notify')).to.equal(0)
  })

  it('routes have all that 1.1.0 gives them', async () => {
    const routes = [
      { dst: '10.8.0.0/16', gw: '10.0.1.9', mtu: 1300, advmss: 1200, priority: 7, table: 100 },
      { dst: '10.9.0.0/16', scope: 253 },
      { dst: '0.0.0.0/0' },
    ]
    const FAKE_ADD = JSON.stringify({ ips: [{ address: '10.0.1.2/24' }], routes })
    const result = await good(ipvlan('ADD', newest(), { env: { FAKE_ADD } }))
    expect(result.routes).to.deep.equal(routes)
    expect(result.interfaces).to.deep.equal([
      { name: 'eth0', mac: '02:00:00:00:00:01', sandbox: '/run/netns/n1', mtu: 1500 },
    ])
    expect(run('ip -n n1 -4 route show table all proto boot').split(/ *\n/)).to.have.members([
      '10.8.0.0/16 via 10.0.1.9 dev eth0 table 100 metric 7 mtu 1300 advmss 1200',
      'default dev eth0',
      '10.9.0.0/16 dev eth0 scope link',
      '',
    ])
    await good(ipvlan('CHECK', newest({ prevResult: result })))
  })

  it('nothing is left when ADD fails, whatever it is that fails', async () => {
    const clean = () => {
      expect([links('n1'), links(), leased()]).to.deep.equal([[], [], []])
    }
    // The IPAM plugin is not there, refuses, answers nonsense.
    expect(await bad(ipvlan('ADD', dual({ ipam: { type: 'nope' } })))).to.deep.include({ cniVersion: '1.0.0', code: 7 })
    clean()
    const full = { type: 'host-local', dataDir: leases, subnet: '10.0.1.0/31' }
    expect((await bad(ipvlan('ADD', dual({ ipam: full })))).msg).to.match(/^ipam plugin host-local: /)
    clean()
    for (const FAKE_ADD of ['', '{}', 'x', '{"ips": 3}', '{"ips": [{"address": "10.0.1.2"}]}'])
      expect((await bad(ipvlan('ADD', newest(), { env: { FAKE_ADD } }))).code, FAKE_ADD).to.equal(6)
    clean()
    expect(fakeCalls()).to.include.members(['ADD', 'DEL'])
    // A route that the kernel refuses; an address of the host.
    const ipam = { ...dual().ipam, routes: [{ dst: '10.7.0.0/16', gw: 'fe80::1' }] }
    await bad(ipvlan('ADD', dual({ ipam: { ...ipam, routes: [{ dst: '::/0', gw: '10.0.1.1' }] } })))
    clean()
    run('ip addr add 10.0.1.2/32 dev eth0')
    const host = await bad(ipvlan('ADD', fixed('10.0.1.2/24')))
    expect(host.code).to.equal(100)
    expect(host.msg).to.match(/^10.0.1.2 is the host's own address \(on eth0\)/)
    clean()
    // The reference plugin leaves its link.
    await bad(reference('ipvlan')('ADD', dual({ ipam: { type: 'nope' } })))
    expect(links('n1')).to.deep.equal(['eth0'])
  })

  it('the mode of a parent is not switched, as the reference plugin does', async () => {
    const mode = () => run('ip -n n1 -d link show eth0').match(/ipvlan\s+mode (\w+)/)![1]
    await good(ipvlan('ADD', fixed('10.0.1.2/24', { mode: 'l3' })))
    const second = { id: 'c2', ns: 'n2' }
    const refused = await bad(ipvlan('ADD', fixed('10.0.2.2/24', { name: 'm', mode: 'l2' }), second))
    expect(refused.code).to.equal(100)
    expect(refused.msg).to.match(/^mode l2 .*would switch .*all networks on eth0 share them$/)
    expect((await bad(ipvlan('ADD', fixed('10.0.2.2/24', { mode: 'l3', flags: ['private'] }), second))).code).to.equal(
      100,
    )
    expect(mode()).to.equal('l3')
    await good(ipvlan('ADD', fixed('10.0.2.2/24', { name: 'm', mode: 'l3' }), second))
    await good(ipvlan('DEL', fixed('10.0.2.2/24', { name: 'm', mode: 'l3' }), second))
    await good(reference('ipvlan')('ADD', fixed('10.0.2.2/24', { mode: 'l2' }), second))
    expect(mode()).to.equal('l2')
    // A configuration that has another mode by now does not keep DEL from its work.
    await good(ipvlan('DEL', fixed('10.0.1.2/24', { mode: 'l3s' })))
    expect(links('n1')).to.deep.equal([])
  })

  it('errors say what is wrong, with the codes of the specification', async () => {
    const conf = fixed('10.0.1.2/24')
    const cases: [said: Promise<Json>, code: number, msg: string | RegExp][] = [
      [bad(ipvlan('ADD', { ...conf, master: 'nope' })), 7, '"master": there is no link nope (parent)'],
      [bad(ipvlan('ADD', { ...conf, master: 'lo' })), 7, '"master": lo is the loopback, which cannot be a parent'],
      [
        bad(ipvlan('ADD', { ...conf, master: undefined })),
        7,
        /^"master": there is no default route whose link could be/,
      ],
      [bad(ipvlan('ADD', { ...conf, mtu: 9000 })), 7, 'mtu: expected at most 1500, the MTU of eth0, got 9000'],
      [bad(ipvlan('ADD', { ...conf, ipam: undefined })), 7, '"ipam" is missing: an ipvlan needs addresses'],
      [bad(ipvlan('ADD', conf, { ns: 'gone' })), 8, /^CNI_NETNS: there is no network namespace "\/run\/netns\/gone"/],
      [bad(ipvlan('ADD', conf, { ns: '../../proc/self/ns/net' })), 8, /is the namespace that the plugin is in$/],
      [
        bad(ipvlan('ADD', conf, { ifname: 'lo' })),
        4,
        'CNI_IFNAME lo: there is an interface of this name in /run/netns/n1',
      ],
      [bad(ipvlan('ADD', conf, { env: { CNI_PATH: '' } })), 4, /^CNI_PATH missing/],
      [bad(ipvlan('CHECK', conf)), 7, '"prevResult" is missing: the result of ADD'],
    ]
    for (const [said, code, msg] of cases) {
      const answer = await said
      expect(answer.msg).to.match(msg instanceof RegExp ? msg : new RegExp(`^${msg.replace(/[()]/g, '\\$&')}$`))
      expect(answer, answer.msg).to.deep.include({ code, cniVersion: '1.0.0' })
    }
    expect([links('n1'), links()]).to.deep.equal([[], []])
    await good(ipvlan('ADD', conf))
    expect((await bad(ipvlan('ADD', conf))).code).to.equal(4)
    const second = { id: 'c2', ns: 'n2' }
    const inUse = await bad(ipvlan('ADD', conf, second))
    expect(inUse.code).to.equal(100)
    expect(inUse.msg).to.match(/^cannot add the address 10.0.1.2\/24: .* is on another ipvlan of the same parent/)
    const busy = await bad(macvlan('ADD', fixed('10.0.1.3/24'), second))
    expect(busy.code).to.equal(100)
    expect(busy.msg).to.match(/^cannot create the macvlan on eth0: .* an ipvlan is on it/)
    expect(links('n2')).to.deep.equal([])
    expect(links('n1')).to.have.length(1)
  })

  it('CHECK tells what has changed since ADD', async () => {
    const conf = dual({ mode: 'l3' })
    const prevResult = await good(ipvlan('ADD', conf))
    const check = (more = {}) => ipvlan('CHECK', { ...conf, prevResult, ...more })
    await good(check())
    const drift = async (change: string, msg: string, back?: string) => {
      run(change)
      expect(await bad(check()), change).to.deep.include({ code: 101, msg })
      if (back) run(back)
    }
    await drift('ip -n n1 route del 10.7.0.0/16', 'there is no route to 10.7.0.0/16 by 10.0.1.9')
    await drift('ip -n n1 addr del fd00:1::2/64 dev eth0', 'eth0 does not have the address fd00:1::2/64')
    expect((await bad(check({ flags: ['vepa'] }))).msg).to.equal('eth0 has the flags none, not vepa')
    await drift('ip -n n1 link set eth0 type ipvlan mode l2', 'eth0 is in mode l2, not l3')
    await drift('ip -n n1 link set eth0 down', 'eth0 is in mode l2, not l3')
    run('ip -n n1 link del eth0')
    await drift('ip -n n1 link add eth0 type dummy', 'eth0 is of kind dummy, not ipvlan', 'ip -n n1 link del eth0')
    expect(await bad(check())).to.deep.include({ code: 101, msg: 'there is no interface eth0' })
    const other = { ...prevResult, interfaces: [{ name: 'eth0', sandbox: '/run/netns/n2' }] }
    expect((await bad(check({ prevResult: other }))).details).to.equal('it has: eth0 in /run/netns/n2')
  })

  it('DEL takes what the reference plugin made, and nothing of others', async () => {
    const conf = fixed('10.0.1.2/24')
    await good(reference('ipvlan')('ADD', conf))
    await good(ipvlan('DEL', conf))
    expect(links('n1')).to.deep.equal([])
    await good(ipvlan('ADD', fixed('10.0.1.2/24', { name: 'other' })))
    await good(ipvlan('DEL', conf))
    await good(ipvlan('DEL', conf, { id: 'c2' }))
    expect(links('n1')).to.have.length(1)
    // Without a namespace it is found by its mark; a parent that has gone takes all with it.
    await good(ipvlan('DEL', fixed('10.0.1.2/24', { name: 'other' }), { ns: '' }))
    expect(links('n1')).to.have.length(0)
    await good(ipvlan('DEL', fixed('10.0.1.2/24', { master: 'nope' })))
    // Whatever the IPAM plugin says: the link is deleted, then its error is told.
    await good(ipvlan('ADD', newest(), { env: fake('10.0.1.2/24') }))
    const env = { FAKE_DEL: '{"code": 107, "msg": "no"}', FAKE_STATUS_OF_DEL: '1' }
    expect(await bad(ipvlan('DEL', newest(), { env }))).to.deep.include({ code: 107, msg: 'ipam plugin fake: no' })
    expect(links('n1')).to.deep.equal([])
  })

  it('GC deletes what is not valid any more, in every namespace, and asks the IPAM plugin to do so', async () => {
    await good(ipvlan('ADD', newest(), { env: fake('10.0.1.2/24') }))
    await good(ipvlan('ADD', newest(), { id: 'c2', ns: 'n2', env: fake('10.0.1.3/24') }))
    await good(ipvlan('ADD', newest(), { id: 'c3', ns: 'n2', ifname: 'eth1', env: fake('10.0.1.4/24') }))
    await good(ipvlan('ADD', newest({ name: 'm' }), { id: 'c4', ns: 'n2', ifname: 'eth2', env: fake('10.0.1.5/24') }))
    fakeCalls()
    const valid = [
      { containerID: 'c2', ifname: 'eth0' },
      { containerID: 'c3', ifname: 'eth0' },
    ]
    await good(ipvlan('GC', newest({ 'cni.dev/valid-attachments': valid }), { ns: '' }))
    expect(links('n1')).to.deep.equal([])
    expect(links('n2')).to.deep.equal(['eth0 nlwire:attachment:n:c2/eth0', 'eth2 nlwire:attachment:m:c4/eth2'])
    expect(fakeCalls()).to.deep.equal(['GC'])
    // Debian's host-local does not know GC; the parent may have gone.
    const conf = { ...newest({ master: 'nope' }), ipam: dual().ipam, 'cni.dev/valid-attachments': [] }
    await good(ipvlan('GC', conf))
    expect(links('n2')).to.deep.equal(['eth2 nlwire:attachment:m:c4/eth2'])
    const env = { FAKE_GC: '{"code": 11, "msg": "busy"}', FAKE_STATUS_OF_GC: '1' }
    expect((await bad(ipvlan('GC', { ...conf, ...newest() }, { env }))).code).to.equal(11)
  })

  it('STATUS says whether ADD would succeed', async () => {
    const ask = (more = {}, env: Record<string, string> = {}) => ipvlan('STATUS', newest(more), { ns: '', env })
    await good(ask())
    expect(await bad(ask({ master: 'nope' }))).to.deep.include({
      code: 50,
      msg: '"master": there is no link nope (parent)',
    })
    const no = { FAKE_STATUS: '{"code": 51, "msg": "no"}', FAKE_STATUS_OF_STATUS: '1' }
    expect(await bad(ask({}, no))).to.deep.include({ code: 51, msg: 'ipam plugin fake: no' })
    expect(await bad(ask({ ipam: dual().ipam }))).to.deep.include({
      code: 50,
      msg: 'ipam plugin host-local does not support cniVersion 1.1.0',
    })
    await good(ipvlan('ADD', fixed('10.0.1.2/24', { mode: 'l2' })))
    expect((await bad(ask())).code).to.equal(50)
    await good(ask({ mode: 'l2' }))
    expect((await bad(macvlan('STATUS', newest({ mode: '' })))).msg).to.equal('eth0 has ipvlans on it')
    run('ip link set eth0 down')
    expect(await bad(ask())).to.deep.include({ code: 51, msg: 'eth0 (master) is down' })
  })
})
