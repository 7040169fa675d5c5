/** The CNI plugin in a kernel that has ipvlan: beside the reference plugins, and used by podman. */
import { expect } from 'chai'
import { needs, shim } from '../support/layers.js'
import { programs } from '../support/programs.js'
import { referencePlugins } from './cni/lab.js'
import { runGuestTests } from './guest-tests.js'
import { uml } from './uml.js'

const plugins = programs('the reference CNI plugins, and a DHCP server', {
  [`${referencePlugins}/ipvlan`]: 'containernetworking-plugins',
  dnsmasq: 'dnsmasq-base',
})
const podman = programs('podman', { podman: 'podman', runc: 'runc', busybox: 'busybox-static' })

describe('the CNI plugin, with a kernel that has ipvlan', function () {
  this.timeout(300_000)
  this.slow(120_000)

  it('does the same as the reference plugins', async function () {
    for (const one of [shim, uml, plugins]) needs(this, one)
    expect(await runGuestTests('./cni-same.guest.js')).to.equal(16)
  })

  it('does what it does besides', async function () {
    for (const one of [shim, uml, plugins]) needs(this, one)
    expect(await runGuestTests('./cni.guest.js')).to.equal(15)
  })

  it('is used by podman: containers of two networks on one parent reach each other', async function () {
    for (const one of [shim, uml, plugins, podman]) needs(this, one)
    expect(await runGuestTests('./cni-podman.guest.js')).to.equal(1)
  })
})
