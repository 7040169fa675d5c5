/** What networks refuse, and what they take in more than one form, in user-mode Linux. */
import { expect } from 'chai'
import { needs, shim } from '../../support/layers.js'
import { runGuestTests } from '../guest-tests.js'
import { uml } from '../uml.js'

describe('edges of networks in user-mode Linux', function () {
  this.timeout(280_000)
  this.slow(120_000)

  it('parents, addresses, routes, MTU', async function () {
    needs(this, shim)
    needs(this, uml)
    expect(await runGuestTests('./network/edges.guest.js', { timeout: 270 })).to.be.greaterThan(8)
  })

  it('several calls and programs at the same time', async function () {
    needs(this, shim)
    needs(this, uml)
    expect(await runGuestTests('./network/racing.guest.js', { timeout: 270 })).to.be.greaterThan(4)
  })
})
