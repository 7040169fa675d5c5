/** The example of a link kind of one's own, on a kernel that has it. */
import { join } from 'node:path'
import { expect } from 'chai'
import { runInUml, uml } from '../kernel/uml.js'
import { root } from '../support/fixtures.js'
import { needs } from '../support/layers.js'

describe("the example of a link kind of one's own, on a kernel", () => {
  before(function () {
    needs(this, uml)
  })

  it('creates such links, and reads them back', async () => {
    const { status, stdout, stderr } = await runInUml([process.execPath, join(root, 'dist/examples/own-kind.js')])
    expect(stderr).to.equal('')
    expect(stdout).to.equal('a vrf with table 10\na link of kind ifb\n')
    expect(status).to.equal(0)
  })
})
