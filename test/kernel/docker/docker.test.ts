/** Docker with the driver of nlwire, in user-mode Linux. */
import { expect } from 'chai'
import { needs, shim } from '../../support/layers.js'
import { programs } from '../../support/programs.js'
import { runGuestTests } from '../guest-tests.js'
import { uml } from '../uml.js'

const tools = programs('Docker', {
  '/usr/bin/docker': 'docker.io',
  dockerd: 'docker.io',
  busybox: 'busybox-static',
  'systemd-socket-activate': 'systemd',
})

describe('Docker, in user-mode Linux', function () {
  this.timeout(600_000)
  this.slow(300_000)

  it('has networks of the driver nlwire-ipvlan', async function () {
    needs(this, shim)
    needs(this, uml)
    needs(this, tools)
    expect(await runGuestTests('./docker/docker.guest.js', { timeout: 580, memory: '2048M' })).to.be.greaterThan(7)
  })
})
