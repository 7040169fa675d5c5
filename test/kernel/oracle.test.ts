/** The oracle test of links, addresses and routes once more, in the kernel that has ipvlan and all other kinds. */
import { join } from 'node:path'
import { expect } from 'chai'
import { root } from '../support/fixtures.js'
import { needs } from '../support/layers.js'
import { runInUml, uml } from './uml.js'

describe('the ipvlan kernel and what ip says of the same', () => {
  before(function () {
    needs(this, uml)
  })

  it('links of every kind, addresses, routes', async () => {
    const mocha = join(root, 'node_modules/mocha/bin/mocha.js')
    const test = join(root, 'dist/test/rtnl/oracle.test.js')
    const command = [process.execPath, mocha, '--no-config', '--timeout', '60000', test]
    const { status, stdout, stderr } = await runInUml(command, { cwd: root, env: { CI: 'true' } })
    expect(status, `${stdout}${stderr}`).to.equal(0)
    expect(stdout).to.match(/\d\d passing/)
    expect(stdout).not.to.include('without ')
  }).timeout(180_000)
})
