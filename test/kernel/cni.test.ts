/** The CNI plugin in a kernel that has ipvlan: beside the reference plugins, and used by podman. */
import { existsSync } from 'node:fs'
import { expect } from 'chai'
import { layer, needs, shim } from '../support/layers.js'
import { referencePlugins } from './cni/lab.js'
import { runGuestTests } from './guest-tests.js'
import { uml } from './uml.js'

const plugins = layer('the reference CNI plugins', () =>
  existsSync(`${referencePlugins}/ipvlan`)
    ? undefined
    : `there is no ${referencePlugins}/ipvlan; as root: apt-get install -y --no-install-recommends containernetworking-plugins`,
)

const podman = layer('podman', () => {
  const missing = ['/usr/bin/podman', '/usr/sbin/runc', '/bin/busybox'].find((file) => !existsSync(file))
  const install = 'apt-get install -y --no-install-recommends podman runc busybox-static'
  return missing === undefined ? undefined : `there is no ${missing}; as root: ${install}`
})

describe('the CNI plugin, with a kernel that has ipvlan', function () {
  this.timeout(300_000)
  this.slow(120_000)

  it('passes every test of cni.guest.js', async function () {
    for (const one of [shim, uml, plugins]) needs(this, one)
    expect(await runGuestTests('./cni.guest.js')).to.be.greaterThan(25)
  })

  it('is used by podman: containers of two networks on one parent reach each other', async function () {
    for (const one of [shim, uml, plugins, podman]) needs(this, one)
    expect(await runGuestTests('./cni-podman.guest.js')).to.equal(1)
  })
})
