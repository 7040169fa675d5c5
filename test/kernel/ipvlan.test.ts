/** ipvlan on a kernel that has it: runs ipvlan.guest.js in user-mode Linux. */
import { expect } from 'chai'
import { needs, shim } from '../support/layers.js'
import { runGuestTests } from './guest-tests.js'
import { uml } from './uml.js'

describe('ipvlan, with a kernel that has it', function () {
  this.timeout(180_000)
  this.slow(60_000)

  it('passes every test of ipvlan.guest.js', async function () {
    needs(this, shim)
    needs(this, uml)
    expect(await runGuestTests('./ipvlan.guest.js')).to.be.greaterThan(20)
  })
})
