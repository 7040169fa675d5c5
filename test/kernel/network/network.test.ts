/** Networks in user-mode Linux, whose kernel has ipvlan. */
import { expect } from 'chai'
import { needs } from '../../support/layers.js'
import { runGuestTests } from '../guest-tests.js'
import { uml } from '../uml.js'

describe('networks in user-mode Linux', function () {
  this.timeout(280_000)
  before(function () {
    needs(this, uml)
  })

  it('ipvlan and macvlan networks', async () => {
    expect(await runGuestTests('./network/network.guest.js')).to.be.greaterThan(10)
  })
})
