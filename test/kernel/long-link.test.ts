/** Long messages on Linux 6.1, whose kernel ends a list otherwise than a later one: in user-mode Linux. */
import { expect } from 'chai'
import { needs, shim } from '../support/layers.js'
import { runGuestTests } from './guest-tests.js'
import { uml } from './uml.js'

describe('a long link, with another kernel', function () {
  this.timeout(180_000)
  this.slow(60_000)

  it('passes every test of long-link.guest.js', async function () {
    needs(this, shim)
    needs(this, uml)
    expect(await runGuestTests('./long-link.guest.js')).to.equal(1)
  })
})
