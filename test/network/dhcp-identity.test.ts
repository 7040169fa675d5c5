import { expect } from 'chai'
import { fromHex, toHex } from '../../src/netlink/bytes/bytes.js'
import { dhcpIdentity } from '../../src/network/dhcp-identity.js'

/** By Python: uuid.uuid5(uuid.uuid5(NAMESPACE, 'n30'), 'c1'). It never changes: leases go by it. */
const uuid = fromHex('c1f68474-5be4-580e-8bfe-3f4911f0bd3c'.replaceAll('-', ''))

describe('dhcpIdentity', () => {
  const identity = dhcpIdentity('n30', 'c1')
  const { clientId, iaid, duid } = identity

  it('has a DUID-UUID, as RFC 6355 lays it out: type 4 in 16 bits, then the 128 bits', () => {
    expect(toHex(duid)).to.equal(`0004${toHex(uuid)}`)
    expect([duid[8]! >> 4, duid[10]! >> 6], 'version 5, variant 10').to.deep.equal([5, 2])
  })

  it('has a client identifier as RFC 4361 lays it out: 255, the IAID in 32 bits, the DUID', () => {
    expect(clientId).to.have.lengthOf(1 + 4 + 18)
    expect(clientId[0]).to.equal(255)
    expect(new DataView(clientId.buffer).getUint32(1)).to.equal(iaid)
    expect(clientId.subarray(5)).to.deep.equal(duid)
    expect(iaid).to.equal(0xc1f68474)
  })

  it('asks for broadcasts', () => {
    expect(identity.broadcast).to.equal(true)
  })

  it('is the same for the same attachment, and shares no bytes with the one before', () => {
    const again = dhcpIdentity('n30', 'c1')
    expect(again).to.deep.equal(identity)
    again.duid.fill(0)
    again.clientId.fill(0)
    expect(dhcpIdentity('n30', 'c1')).to.deep.equal(identity)
  })

  it('differs for each attachment and each network, wherever a separator could have been', () => {
    const pairs = [
      ['n30', 'c1'],
      ['n30', 'c2'],
      ['n110', 'c1'],
      ['c1', 'n30'],
      ['n30c', '1'],
      ['n30:c', '1'],
      ['n30', 'c:1'],
      ['', 'n30c1'],
      ['n30c1', ''],
    ] as const
    const all = pairs.map(([network, id]) => dhcpIdentity(network, id))
    expect(new Set(all.map((one) => toHex(one.clientId))).size).to.equal(pairs.length)
    expect(new Set(all.map((one) => toHex(one.duid))).size).to.equal(pairs.length)
    expect(new Set(all.map((one) => one.iaid)).size).to.equal(pairs.length)
  })

  it('has words for udhcpc', () => {
    expect(identity.udhcpc).to.deep.equal(['-B', '-x', `0x3d:${toHex(clientId)}`])
  })

  it('has lines for dhcpcd.conf', () => {
    expect(identity.dhcpcd).to.equal(`clientid ${toHex(clientId, ':')}\nbroadcast\n`)
  })

  it('has lines for dhclient.conf', () => {
    expect(identity.dhclient).to.equal(
      `send dhcp-client-identifier ${toHex(clientId, ':')};\nbootp-broadcast-always;\n`,
    )
  })

  it('has sections for systemd-networkd, with one identity for both families', () => {
    const same = ['DUIDType=uuid', `DUIDRawData=${toHex(uuid, ':')}`, `IAID=${iaid}`]
    const lines = ['[DHCPv4]', 'ClientIdentifier=duid', ...same, 'RequestBroadcast=yes', '', '[DHCPv6]', ...same, '']
    expect(identity.networkd.split('\n')).to.deep.equal(lines)
  })
})
