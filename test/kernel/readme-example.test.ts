/** The README's first example, verbatim, with ipvlan: in user-mode Linux. */
import { expect } from 'chai'
import { needs, shim } from '../support/layers.js'
import { runGuestTests } from './guest-tests.js'
import { uml } from './uml.js'

describe("the README's first example, on the kernel", function () {
  this.timeout(180_000)
  this.slow(60_000)

  it('passes every test of readme-example.guest.js', async function () {
    needs(this, shim)
    needs(this, uml)
    expect(await runGuestTests('./readme-example.guest.js')).to.equal(2)
  })
})
