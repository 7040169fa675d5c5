import { expect } from 'chai'
import { announcement } from '../../src/network/announce.js'
import { prefixesOption } from '../../src/network/prefixes.js'

const subnets = prefixesOption('subnets', ['192.168.30.7/24', '10.50.0.0/16', 'fd30::/64'])
const four = {
  ifaFamily: 'inet',
  ifaScope: 'universe',
  ifaPrefixlen: 24,
  local: '10.9.0.1',
  address: '10.9.0.1',
} as const
const six = { ifaFamily: 'inet6', ifaScope: 'universe', ifaPrefixlen: 64, address: 'fd09::1' } as const
const ofLink = { ...six, ifaScope: 'link', address: 'fe80::1' } as const

describe('network/announce', () => {
  it('the subnets by the first global address of each family', () => {
    const { routes, frr, bird } = announcement(subnets, [ofLink, four, { ...four, local: '10.9.0.2' }, six])
    expect(routes).to.deep.equal([
      { dst: '192.168.30.0/24', gateway: '10.9.0.1' },
      { dst: '10.50.0.0/16', gateway: '10.9.0.1' },
      { dst: 'fd30::/64', gateway: 'fd09::1' },
    ])
    expect(frr).to.equal(
      'ip route 192.168.30.0/24 10.9.0.1\nip route 10.50.0.0/16 10.9.0.1\nipv6 route fd30::/64 fd09::1\n',
    )
    expect(bird).to.equal(
      'protocol static {\n  ipv4;\n  route 192.168.30.0/24 via 10.9.0.1;\n  route 10.50.0.0/16 via 10.9.0.1;\n}\n' +
        'protocol static {\n  ipv6;\n  route fd30::/64 via fd09::1;\n}\n',
    )
  })

  it('nothing for a family of which the parent has no global address', () => {
    expect(announcement(subnets, [four, ofLink]).routes.map(({ dst }) => dst)).to.not.include('fd30::/64')
    expect(announcement(subnets, [])).to.deep.equal({ routes: [], frr: '', bird: '' })
  })
})
