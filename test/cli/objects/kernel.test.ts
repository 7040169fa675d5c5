/** The objects with this machine's kernel, in namespaces of their own: what nlwire makes `ip` reads, and the reverse. */
import { expect } from 'chai'
import { ip, ipCommand, ipJson } from '../../support/ip.js'
import { needs, root } from '../../support/layers.js'
import { makeNamespace, removeNamespaces, uniqueName } from '../../support/namespaces.js'
import { nlwire } from '../run.js'

describe('nlwire link, address, route, netns with this kernel', () => {
  let name: string
  before(function () {
    needs(this, root)
    needs(this, ipCommand)
  })
  beforeEach(() => {
    name = makeNamespace()
  })
  afterEach(removeNamespaces)

  const words = (line: string) => line.split(' ').filter((word) => word !== '')
  const run = async (line: string) => await nlwire(['-n', name, ...words(line)])
  /** Runs a command that must go well and say nothing. */
  const done = async (line: string) =>
    expect(await run(line), line).to.deep.equal({ status: 0, stdout: '', stderr: '' })
  const refused = async (line: string, status: number, reason: RegExp) => {
    const result = await run(line)
    expect(result.stderr, line).to.match(reason)
    expect([result.status, result.stdout], line).to.deep.equal([status, ''])
  }
  const json = async (line: string) => JSON.parse((await run(`-j ${line}`)).stdout)
  const link = (dev: string, where = name) => ipJson(where, `link show ${dev}`)[0]
  const pair = async () => await done('link add v0 type veth peer v1')

  it('makes a pair with words for both ends', async () => {
    await done(
      'link add v0 address 02:00:00:00:00:02 mtu 1400 txqueuelen 77 type veth peer name v1 mtu 1300 numtxqueues 2',
    )
    expect(link('v0')).to.include({ mtu: 1400, address: '02:00:00:00:00:02', txqlen: 77, link: 'v1' })
    expect(link('v1')).to.include({ mtu: 1300, num_tx_queues: 2 })
  })

  it('makes the other end of a pair in another namespace', async () => {
    const other = makeNamespace()
    await done(`link add v0 type veth peer v1 netns ${other} mtu 1280`)
    expect(link('v1', other)).to.include({ mtu: 1280 })
    // A number is a process, unless it is a name.
    const number = makeNamespace(other.replace(/\D/g, ''))
    await done(`link add v2 type veth peer v3 netns ${number}`)
    await done(`link set v2 netns ${number}`)
    expect([link('v2', number).ifname, link('v3', number).ifname]).to.deep.equal(['v2', 'v3'])
  })

  it('makes a macvlan, a bridge with options, and a port of it', async () => {
    await pair()
    await done('link add link v0 name mv0 type macvlan mode private bcqueuelen 2000')
    expect(link('mv0').linkinfo.info_data).to.include({ mode: 'private', bcqueuelen: 2000 })
    await done('link add br0 type bridge forward_delay 400 stp-state 1 ageing_time 12344 no_linklocal_learn on')
    expect(link('br0').linkinfo.info_data).to.include({ forward_delay: 400, stp_state: 1, ageing_time: 12344 })
    expect(link('br0').linkinfo.info_data).to.include({ no_linklocal_learn: 1 })
    await done('link set v1 master br0')
    await done('link set v1 type bridge_slave cost 5 hairpin on isolated on')
    expect(link('v1').linkinfo.info_slave_data).to.include({ cost: 5, hairpin: true, isolated: true })
  })

  it('changes a link: flags, names, group, alias, address generation, master', async () => {
    await pair()
    await done('link set v0 up promisc on arp off multicast off alias uplink group 7 addrgenmode none')
    expect(link('v0').flags).to.include.members(['UP', 'NOARP', 'PROMISC']).and.not.include('MULTICAST')
    expect(link('v0')).to.include({ ifalias: 'uplink', group: '7', inet6_addr_gen_mode: 'none' })
    await done('link set dev v0 arp on down')
    expect(link('v0').flags).to.not.include.members(['UP']).and.not.include('NOARP')
    await done('link add br0 type bridge')
    await done('link set v0 master br0')
    expect(link('v0').master).to.equal('br0')
    await done('link set v0 nomaster')
    expect(link('v0')).to.not.have.property('master')
    await done('link set v0 name w0')
    await done('link property add dev w0 altname a-much-longer-name-for-w0 altname second')
    expect(link('a-much-longer-name-for-w0').altnames).to.deep.equal(['a-much-longer-name-for-w0', 'second'])
    await done('link property del dev w0 altname second')
    expect(link('w0').altnames).to.deep.equal(['a-much-longer-name-for-w0'])
    const other = makeNamespace()
    await done(`link set w0 netns ${other} name eth0`)
    expect(link('eth0', other).ifname).to.equal('eth0')
    await done('link del br0')
    await refused('link del br0', 1, /There is no link br0/)
  })

  it('makes addresses that ip reads', async () => {
    await pair()
    await done('link set v0 up addrgenmode none')
    await done('address add 10.0.1.10/24 brd + dev v0 label v0:x metric 300 noprefixroute')
    await done('addr add 10.9.0.1 peer 10.9.0.2/31 dev v0 valid_lft 1000 preferred_lft 500 scope link')
    await done('a add 2001:db8::1/64 dev v0 nodad valid_lft forever preferred_lft 0')
    const shown = ipJson(name, 'addr show dev v0')[0].addr_info
    const seen = ['10.0.1.10', '10.9.0.1', '2001:db8::1'].map((one) => shown.find(({ local }: never) => local === one))
    expect(seen[0]).to.include({ local: '10.0.1.10', broadcast: '10.0.1.255', label: 'v0:x', metric: 300 })
    expect(seen[0]).to.include({ noprefixroute: true })
    expect(seen[1]).to.include({ local: '10.9.0.1', address: '10.9.0.2', prefixlen: 31, scope: 'link' })
    expect(seen[1].valid_life_time).to.be.within(900, 1000)
    expect(seen[2]).to.include({ local: '2001:db8::1', nodad: true, deprecated: true, valid_life_time: 4294967295 })
    await refused('address add 10.0.1.10/24 dev v0', 1, /has the address 10\.0\.1\.10 already/)
    await done('address replace 10.0.1.10/24 dev v0 valid_lft 77')
    await done('address del 2001:db8::1/64 dev v0')
    expect(ipJson(name, '-6 addr show dev v0')).to.deep.equal([])
    await done('address add 127.0.0.5/8 dev lo')
    expect(ipJson(name, 'addr show dev lo')[0].addr_info.at(-1)).to.include({ scope: 'host' })
  })

  it('makes routes that ip reads', async () => {
    await pair()
    await done('link set v0 up')
    await done('link set v1 up')
    await done('address add 10.0.0.1/24 dev v0')
    await done('address add 10.0.1.1/24 dev v1')
    await done(
      'route add 10.1.0.0/16 via 10.0.0.2 mtu lock 1400 advmss 1300 rtt 100ms proto static metric 50 src 10.0.0.1',
    )
    await done('route add 10.2.0.0/16 nexthop via 10.0.0.2 dev v0 weight 2 nexthop via 10.0.1.2 dev v1 weight 3')
    await done('route add 10.3.0.0/16 via 192.168.9.1 dev v0 onlink')
    await done('route add unreachable 10.4.0.0/16 table 100')
    await done('route add 10.5.0.0/16 via inet6 fe80::2 dev v0')
    const to = (dst: string, more = '') => ipJson(name, `route show ${dst} ${more}`.trim())[0]
    expect(to('10.1.0.0/16')).to.deep.include({
      gateway: '10.0.0.2',
      protocol: 'static',
      metric: 50,
      prefsrc: '10.0.0.1',
    })
    expect(to('10.1.0.0/16').metrics[0]).to.include({ mtu: 1400, advmss: 1300, rtt: 100 })
    expect(to('10.1.0.0/16').metrics[0].locked ?? ip(name, 'route show 10.1.0.0/16')).to.match(/mtu lock 1400|mtu/)
    const hops = to('10.2.0.0/16').nexthops.map(({ gateway, weight }: never) => [gateway, weight])
    expect(hops).to.deep.equal([
      ['10.0.0.2', 2],
      ['10.0.1.2', 3],
    ])
    expect(to('10.3.0.0/16').flags).to.include('onlink')
    expect(to('10.4.0.0/16', 'table 100').type).to.equal('unreachable')
    expect(to('10.5.0.0/16').via).to.deep.equal({ family: 'inet6', host: 'fe80::2' })
    await done('-6 route add default dev v0 metric 9')
    expect(ipJson(name, '-6 route show default')[0]).to.include({ dev: 'v0', metric: 9 })
    await done('route change 10.3.0.0/16 via 10.0.0.9')
    expect(to('10.3.0.0/16').gateway).to.equal('10.0.0.9')
    await done('route del 10.3.0.0/16')
    expect(to('10.3.0.0/16')).to.equal(undefined)
    expect((await json('route get 10.1.2.3'))[0]).to.include({ gateway: '10.0.0.2', dst: '10.1.2.3' })
    expect((await json('route show table 100')).map(({ dst }: { dst: string }) => dst)).to.deep.equal(['10.4.0.0'])
    expect((await json('route show 10.2.0.0/16'))[0].multipath.length).to.equal(2)
    expect((await json('-6 route show default'))[0].priority).to.equal(9)
    await done('route add 2001:db8::/32 dev v0')
    expect((await json('-6 route show 2001:DB8:0::/32')).length).to.equal(1)
  })

  it('reads with -j what ip made', async () => {
    ip(name, 'link add v0 mtu 1400 type veth peer name v1')
    ip(name, 'link add br0 type bridge')
    ip(name, 'link set v1 master br0 up')
    ip(name, 'addr add 10.0.0.1/24 dev v0')
    const links = await json('link show')
    expect(links.map(({ ifname }: { ifname: string }) => ifname)).to.deep.equal(['lo', 'v1', 'v0', 'br0'])
    expect((await json('link show v0'))[0]).to.include({ mtu: 1400 })
    expect(await json('link show v0 type bridge')).to.deep.equal([])
    expect((await json('link show v1 master br0')).length).to.equal(1)
    expect((await json('link show type bridge'))[0].linkinfo.kind).to.equal('bridge')
    expect((await json('link show master br0')).map(({ ifname }: { ifname: string }) => ifname)).to.deep.equal(['v1'])
    expect((await json('link show up')).map(({ ifname }: { ifname: string }) => ifname)).to.deep.equal(['v1'])
    expect((await json('-4 address show'))[0]).to.include({ local: '10.0.0.1', ifaPrefixlen: 24, label: 'v0' })
    expect(await json('address show dev v1')).to.deep.equal([])
    // One object a line, for programs that read lines.
    expect((await run('-j link show')).stdout.trim().split('\n').length).to.equal(5)
  })

  it('an empty namespace has no routes, which is no error; a table that is not there is one', async () => {
    expect(await run('route show')).to.deep.equal({ status: 0, stdout: '', stderr: '' })
    expect((await run('-j route')).stdout).to.equal('[]\n')
    await refused('route show table 4711', 1, /There is no such routing table/)
  })

  it('namespaces: made, listed, given an id, deleted', async () => {
    const other = uniqueName()
    try {
      await done(`netns add ${other}`)
      expect(await nlwire(['netns', 'add', other])).to.include({ status: 2 })
      await done(`netns set ${other} 7`)
      expect(await json('netns list-id')).to.deep.equal([{ rtgenFamily: 'unspec', nsid: 7 }])
      expect(await json('netns list')).to.deep.include({ name: other, nsid: 7 })
      await refused(`netns set ${other} 8`, 1, /an id is given once/)
      await done(`netns delete ${other}`)
    } finally {
      await nlwire(['netns', 'delete', other])
    }
    await refused(`netns delete ${other}`, 2, /there is no network namespace/)
  })

  it('says how it ended: 1 when the kernel says no, 2 for the command line and what it needs', async () => {
    await pair()
    await refused('link show nosuch', 1, /There is no link nosuch in this namespace/)
    await refused('link set v0 mtu 7', 1, /RTM_SETLINK: EINVAL/)
    await refused('link add v0 type bridge', 1, /There is a link named v0 already/)
    await refused('link add d0 type nosuch', 1, /no links of kind nosuch/)
    expect((await nlwire(['-n', 'no-such-namespace', 'link'])).status).to.equal(2)
    const hex = await run('--hex link set v0 mtu 7')
    expect(hex.status).to.equal(1)
    expect(hex.stdout).to.match(/> RTM_SETLINK[\s\S]*mtu = 7[\s\S]*< NLMSG_ERROR/)
  })
})
