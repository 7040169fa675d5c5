/** Drift of networks in user-mode Linux, whose kernel has ipvlan. */
import { expect } from 'chai'
import { needs, shim } from '../../support/layers.js'
import { runGuestTests } from '../guest-tests.js'
import { uml } from '../uml.js'

describe('drift of networks in user-mode Linux', function () {
  this.timeout(280_000)
  this.slow(120_000)

  it('check and watch', async function () {
    needs(this, shim)
    needs(this, uml)
    expect(await runGuestTests('./network/drift.guest.js', { timeout: 270 })).to.be.greaterThan(14)
  })
})
