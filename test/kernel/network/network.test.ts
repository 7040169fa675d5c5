/** Networks in user-mode Linux, whose kernel has ipvlan. */
import { expect } from 'chai'
import { needs, shim } from '../../support/layers.js'
import { runGuestTests } from '../guest-tests.js'
import { uml } from '../uml.js'

describe('networks in user-mode Linux', function () {
  this.timeout(280_000)
  this.slow(120_000)

  it('ipvlan and macvlan networks', async function () {
    needs(this, shim)
    needs(this, uml)
    expect(await runGuestTests('./network/network.guest.js', { timeout: 270 })).to.be.greaterThan(17)
  })
})
