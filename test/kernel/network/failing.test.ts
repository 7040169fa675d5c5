/** Networks of which a step fails, or whose program is killed, in user-mode Linux. */
import { expect } from 'chai'
import { needs, shim } from '../../support/layers.js'
import { runGuestTests } from '../guest-tests.js'
import { uml } from '../uml.js'

describe('networks when something fails, in user-mode Linux', function () {
  this.timeout(620_000)
  this.slow(200_000)

  it('leave nothing', async function () {
    needs(this, shim)
    needs(this, uml)
    expect(await runGuestTests('./network/failing.guest.js', { timeout: 600 })).to.be.greaterThan(6)
  })
})
