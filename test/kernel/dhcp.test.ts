/** DHCP on ipvlans, with a server and clients that people use: runs dhcp.guest.js in user-mode Linux. */
import { expect } from 'chai'
import { needs, shim } from '../support/layers.js'
import { programs } from '../support/programs.js'
import { runGuestTests } from './guest-tests.js'
import { uml } from './uml.js'

const dhcp = programs('a DHCP server and clients', {
  dnsmasq: 'dnsmasq-base',
  busybox: 'busybox-static',
  dhcpcd: 'dhcpcd-base',
  dhclient: 'isc-dhcp-client',
  '/lib/systemd/systemd-networkd': 'systemd',
})

describe('DHCP on ipvlans, with a kernel that has them', function () {
  this.timeout(180_000)
  this.slow(60_000)

  it('passes every test of dhcp.guest.js', async function () {
    needs(this, shim)
    needs(this, uml)
    needs(this, dhcp)
    expect(await runGuestTests('./dhcp.guest.js')).to.equal(9)
  })
})
