/** The words of objects without a kernel: how they are read, and which are refused. */
import { expect } from 'chai'
import type { ObjectName } from '../../../src/cli/objects/actions.js'
import { Failure } from '../../../src/cli/process/failure.js'
import { annotate, dissect } from '../../../src/netlink/index.js'
import { route } from '../../../src/rtnl/index.js'
import { nlwire } from '../run.js'
import { sentFor } from './dry.js'

/** Words that must be refused before anything is sent; what is said about them. */
async function wrong(line: string, family?: 'inet' | 'inet6'): Promise<string> {
  const error = await sent(line, family).then(
    () => new Error('they were taken'),
    (thrown: Error) => thrown,
  )
  expect(error, line).to.be.instanceOf(Failure)
  return error.message
}
const sent = (line: string, family?: 'inet' | 'inet6'): Promise<Uint8Array[]> => {
  const [object, ...rest] = line.split(' ')
  return sentFor(object as ObjectName, rest, family)
}
/** The last request, annotated. */
async function said(line: string): Promise<string> {
  const bytes = (await sent(line)).at(-1)!
  return annotate(bytes, dissect(route, bytes)).join('\n')
}

describe('the words of objects', () => {
  it('a value that is not accepted: which word, and what would be', async () => {
    expect(await wrong('link add x link y type ipvlan mode l4')).to.contain(
      'link add: mode "l4": expected one of l2, l3, l3s',
    )
    // Names alone, where another number means nothing; both, where it has a meaning of its own.
    expect(await wrong('link add x link y type ipvlan mode l4')).not.to.contain('an integer')
    expect(await wrong('route add 10.0.0.0/8 dev x proto nosuch')).to.match(
      /one of .*static.*, or an integer from 0 to 255/,
    )
    expect(await wrong('link set x mtu much')).to.contain('mtu "much": expected an integer from 0 to 4294967295')
    expect(await wrong('link set x address 02:0')).to.contain('expected a hardware address')
    expect(await wrong('link set x prop_list {"altIfname":7}')).to.contain('altIfname: expected a list')
  })

  it('a word that means nothing: what is near, and where the usage is', async () => {
    expect(await wrong('link add x link y type ipvlan moed l3')).to.contain(
      '"moed" means nothing here (did you mean mode?); nlwire link help',
    )
    expect(await wrong('link set x ntmu 3')).to.contain('did you mean')
    expect(await wrong('link add x type dummy mtu 1400')).to.contain('what belongs to any link comes before type')
    expect(await wrong('link s x')).to.contain('"s": expected one of show, set')
    expect(await wrong('link add x type nosuch foo 1')).to.contain('does not know the attributes of the kind "nosuch"')
    expect(await wrong('route add 10.0.0/8 dev x')).to.contain('"10.0.0/8": expected default, or a prefix')
    expect(await wrong('netns exec net1')).to.contain('netns exec: the command is missing at the end')
    expect(await wrong('link set x mtu')).to.contain('the value of mtu is missing')
    expect(await wrong('address add 10.0.0.1/24')).to.contain('dev')
  })

  it('what a new link of a kind cannot do without', async () => {
    const { status, stdout, stderr } = await nlwire('link add x type vlan --dry-run'.split(' '))
    expect([status, stdout]).to.deep.equal([2, ''])
    expect(stderr).to.contain('linkinfo.data.id: a new vlan needs it')
  })

  it('one name in all its spellings, numbers in hex, negative ones, JSON, names that are begun', async () => {
    for (const name of ['num_tx_queues', 'numTxQueues', 'num-tx-queues', 'numtxqueues', 'num_tx'])
      expect(await said(`link add x ${name} 0x10 type dummy`), name).to.contain('; numTxQueues = 16')
    expect(await said('address add 10.0.0.1/24 dev x valid_lft 100')).to.contain('ifaPrefered 100, ifaValid 100')
    expect(await said('link set x af_spec.inet6.addr_gen_mode none')).to.contain('addrGenMode = none')
    expect(await said('link set x af_spec {"inet6":{"addrGenMode":"none"}}')).to.contain('addrGenMode = none')
    expect(await said('link set x type bridge mcast_querier_interval 5')).to.contain('mcastQuerierIntvl = 5')
    expect(await said('route add 10.0.0.0/8 dev x encap_type bpf encap 00ff')).to.contain('encap = 00ff')
    expect(await said('link set x xdp {"fd":-1,"flags":["drvMode"]}')).to.contain('fd = -1')
    expect(await said('link set x type macvlan macaddr_data 02:00:00:00:00:01,02:00:00:00:00:02')).to.contain(
      '[1] = 02:00',
    )
  })

  it('several words may be near', async () => {
    expect(await wrong('link set x statee up')).to.match(/\(did you mean \w+( or \w+)+\?\)/)
  })

  it('on and off are for what is yes or no: a number that was forgotten is none', async () => {
    expect(await said('link set x carrier on')).to.contain('carrier = 1')
    expect(await wrong('link set x mtu on')).to.contain('mtu "on": expected an integer')
    expect(await wrong('link add x link y type ipvlan mode on')).to.contain('mode "on": expected one of l2, l3, l3s')
    expect(await wrong('link add x link y type ipvlan mode l2 flags on')).to.contain('"on"')
  })

  it('forever is a time of life, and numbers are not octal', async () => {
    expect(await said('address add 10.0.0.1/24 dev x valid_lft forever preferred_lft 7')).to.match(
      /ifaPrefered 7,\s[\s\S]*ifaValid 4294967295/,
    )
    expect(await wrong('link set x mtu forever')).to.contain('mtu "forever"')
    expect(await wrong('link set x mtu 010')).to.contain('mtu "010"')
  })

  it('text that looks like JSON is text', async () => {
    expect(await said('link set x alias [1]')).to.contain('ifalias = "[1]"')
    expect(await said('link set x alias {}')).to.contain('ifalias = "{}"')
  })

  it('what can be given once is not given twice', async () => {
    for (const line of [
      'link set a dev b up',
      'link set a mtu 5 mtu 6',
      'link set a master b nomaster',
      'link set a netns b netns c',
      'address add 10.0.0.1/24 local 10.0.0.2 dev x',
      'address add 10.0.0.1/24 address 10.0.0.2 dev x',
      'route add 10.0.0.0/8 dev x dev y',
      'route add 10.0.0.0/8 via 10.0.0.1 via 10.0.0.2',
    ])
      expect(await wrong(line)).to.contain('is given twice')
    expect(await said('address add address 10.0.0.1/24 dev x')).to.contain('local = 10.0.0.1')
    expect(await wrong('link delete x netns y')).to.contain('without netns')
  })

  it('an address of the other family than was said', async () => {
    expect(await wrong('route add 2001:db8::/32 dev x', 'inet')).to.contain('expected an address of IPv4')
    expect(await wrong('route show 2001:db8::/32', 'inet')).to.contain('expected an address of IPv4')
    expect(await wrong('route get 10.0.0.1', 'inet6')).to.contain('expected an address of IPv6')
    expect(await wrong('address add 10.0.0.1/8 dev x', 'inet6')).to.contain('expected an address of IPv6')
    expect(await wrong('route add default via inet6 10.0.0.1')).to.contain('expected an address of IPv6')
  })

  it('metrics: lock as it is shown, and rto_min, which the kernel heeds only where it is locked', async () => {
    expect(await said('route add 10.0.0.0/8 dev x lock mtu,window mtu 1400')).to.match(
      /lock = mtu\|window\n.*mtu = 1400/,
    )
    expect(await said('route add 10.0.0.0/8 dev x mtu lock 1400')).to.match(/lock = mtu\n.*mtu = 1400/)
    expect(await said('route add 10.0.0.0/8 dev x rto_min 20ms')).to.match(/lock = rtoMin\n.*rtoMin = 20/)
    expect(await wrong('route add 10.0.0.0/8 dev x mtu lock')).to.contain('the value of mtu is missing')
  })

  it("words of ip: state, mode, and a group's name", async () => {
    expect(await said('link set x state up mode dormant group default')).to.match(
      /operstate = up[\s\S]*linkmode = dormant[\s\S]*group = 0/,
    )
  })
})
