/** IPAM plugins that are scripts. */
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'chai'
import { delegate, findPlugin } from '../../../src/network/cni/delegate.js'
import type { CniError } from '../../../src/network/cni/errors.js'

describe('delegation to an IPAM plugin', () => {
  let folder: string
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'nlwire-cni-'))
    for (const name of ['a', 'b']) mkdirSync(join(folder, name))
  })
  after(() => rmSync(folder, { recursive: true }))

  const plugin = (script: string, name = 'fake', where = 'b') => {
    const file = join(folder, where, name)
    writeFileSync(file, `#!/bin/sh\n${script}\n`)
    chmodSync(file, 0o755)
  }
  const call = (input = '{}', env = {}, name = 'fake') =>
    delegate(name, 'CHECK', {
      path: [join(folder, 'a'), join(folder, 'b')],
      env: { PATH: process.env.PATH, CNI_COMMAND: 'ADD', ...env },
      input,
    })
  const failure = (run: () => unknown): Pick<CniError, 'code' | 'message' | 'details'> => {
    try {
      run()
    } catch (error) {
      const { code, message, details } = error as CniError
      return { code, message, details }
    }
    throw new Error('it did not fail')
  }

  it('finds the first file of that name', () => {
    plugin('', 'twice', 'b')
    const path = [join(folder, 'a'), join(folder, 'b')]
    mkdirSync(join(folder, 'a', 'twice'))
    expect(findPlugin('twice', path)).to.equal(join(folder, 'b', 'twice'))
    rmSync(join(folder, 'a', 'twice'), { recursive: true })
    plugin('', 'twice', 'a')
    expect(findPlugin('twice', path)).to.equal(join(folder, 'a', 'twice'))
    const missing = failure(() => findPlugin('nope', path))
    expect(missing).to.deep.include({
      code: 7,
      message: `there is no ipam plugin nope in ${path.join(':')} (CNI_PATH)`,
    })
    expect(failure(() => findPlugin('nope', [])).code).to.equal(4)
  })

  it('passes the input and the variables, with the command, and gives what was printed', () => {
    plugin('printf \'{"command": "%s", "own": "%s", "input": %s}\' "$CNI_COMMAND" "$CNI_IFNAME" "$(cat)"')
    expect(call('{"a": [1]}', { CNI_IFNAME: 'eth7' })).to.deep.equal({
      command: 'CHECK',
      own: 'eth7',
      input: { a: [1] },
    })
    plugin('exit 0')
    expect(call('x'.repeat(1_000_000))).to.equal(undefined)
  })

  it('passes on code, message and details of its error', () => {
    plugin('echo \'{"code": 11, "msg": "no address left", "details": "in 10.0.1.0/30"}\'; exit 1')
    expect(failure(call)).to.deep.equal({
      code: 11,
      message: 'ipam plugin fake: no address left',
      details: 'in 10.0.1.0/30',
    })
  })

  it('says what happened where a plugin does not', () => {
    plugin('exit 3')
    expect(failure(call).message).to.equal('ipam plugin fake: it ended with status 3 without saying why')
    plugin('kill -9 $$')
    expect(failure(call).message).to.equal('ipam plugin fake: it was ended by SIGKILL without saying why')
    plugin('echo panic; exit 2')
    expect(failure(call)).to.deep.equal({
      code: 999,
      message: 'ipam plugin fake: it ended with status 2, and what it printed is no JSON',
      details: '"panic"',
    })
    plugin('echo hello')
    expect(failure(call)).to.deep.include({ code: 6, message: 'ipam plugin fake: what it printed is no JSON' })
    chmodSync(join(folder, 'b', 'fake'), 0o644)
    expect(failure(call).code).to.equal(5)
  })
})
