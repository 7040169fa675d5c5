import { expect } from 'chai'
import {
  addressesOption,
  broadcastOf,
  byFamily,
  contains,
  fullLength,
  networkOf,
  prefixesOption,
  prefixText,
  single,
} from '../../src/network/prefixes.js'

const prefix = (text: string) => prefixesOption('x', [text])[0]!
const optionOf = (run: () => unknown): unknown => {
  try {
    run()
  } catch (error) {
    return (error as { option?: string }).option
  }
  return undefined
}

describe('network/prefixes', () => {
  it('which subnet has an address', () => {
    for (const [subnet, inside, outside] of [
      ['192.168.30.0/24', '192.168.30.255', '192.168.31.0'],
      ['192.168.30.64/27', '192.168.30.95', '192.168.30.96'],
      ['10.0.0.0/9', '10.127.255.255', '10.128.0.0'],
      ['10.0.0.1/32', '10.0.0.1', '10.0.0.2'],
      ['0.0.0.0/0', '255.255.255.255', '::1'],
      ['fd30::/64', 'fd30::ffff:ffff:ffff:ffff', 'fd30:0:0:1::'],
      ['fd30::/60', 'fd30:0:0:f::', 'fd30:0:0:10::'],
    ] as const) {
      expect(contains(prefix(subnet), inside), `${inside} in ${subnet}`).to.equal(true)
      expect(contains(prefix(subnet), outside), `${outside} in ${subnet}`).to.equal(false)
    }
  })

  it('the broadcast address, where there is one', () => {
    expect(broadcastOf(prefix('192.168.30.2/24'))).to.equal('192.168.30.255')
    expect(broadcastOf(prefix('192.168.30.66/27'))).to.equal('192.168.30.95')
    expect(broadcastOf(prefix('10.0.0.1/30'))).to.equal('10.0.0.3')
    for (const none of ['10.0.0.1/31', '10.0.0.1/32', 'fd30::2/64'])
      expect(broadcastOf(prefix(none))).to.equal(undefined)
  })

  it('the subnet of an address', () => {
    for (const [text, subnet] of [
      ['192.168.30.77/27', '192.168.30.64/27'],
      ['10.1.2.3/0', '0.0.0.0/0'],
      ['fd30::1:2/64', 'fd30::/64'],
      ['2001:db8:0:1:1:1:1:1/60', '2001:db8::/60'],
      ['fe80::1/10', 'fe80::/10'],
    ] as const)
      expect(prefixText(networkOf(prefix(text)))).to.equal(subnet)
  })

  it('a single address has all bits', () => {
    expect(single('10.0.0.1')).to.deep.equal({ family: 'inet', address: '10.0.0.1', length: 32 })
    expect(single('fd30::1')).to.deep.equal({ family: 'inet6', address: 'fd30::1', length: fullLength('inet6') })
  })

  it('addresses are as the kernel writes them', () => {
    expect(prefixText(prefix('2001:DB8:0:0::1/64'))).to.equal('2001:db8::1/64')
    expect(prefix('::FFFF:a00:1').address).to.equal('::ffff:10.0.0.1')
    expect(addressesOption('gateway', 'FD30:0::1')).to.deep.equal(['fd30::1'])
    expect(byFamily('gateway', 'FE80:0::1')).to.deep.equal({ inet6: 'fe80::1' })
  })

  it('an error names the place in the list', () => {
    expect(optionOf(() => prefixesOption('subnets', 'x'))).to.equal('subnets')
    for (const wrong of ['x', '10.0.0.0/33', '10.0.0/8', 'fd30::/129', '10.0.0.0/', 7, null])
      expect(
        optionOf(() => prefixesOption('subnets', ['10.0.0.0/8', wrong])),
        `${wrong}`,
      ).to.equal('subnets[1]')
    expect(optionOf(() => addressesOption('gateway', 7))).to.equal('gateway')
    expect(optionOf(() => addressesOption('gateway', ['10.0.0.1', '10.0.0.1/8']))).to.equal('gateway[1]')
    expect(optionOf(() => byFamily('gateway', ['10.0.0.1', '10.0.0.2']))).to.equal('gateway')
    expect(byFamily('gateway', ['fd30::1', '10.0.0.1'])).to.deep.equal({ inet: '10.0.0.1', inet6: 'fd30::1' })
    expect(addressesOption('gateway', '10.0.0.1')).to.deep.equal(['10.0.0.1'])
  })
})
