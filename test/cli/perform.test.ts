/** The command within a process: it ends no process, and one runs at a time. */
import { PassThrough } from 'node:stream'
import { expect } from 'chai'
import { perform } from '../../src/cli/perform.js'
import { rejection } from '../support/things.js'
import { nlwire } from './run.js'

describe('perform', () => {
  it('gives the exit status, and leaves that of the process alone', async () => {
    const before = process.exitCode
    expect(await nlwire(['--version'])).to.include({ status: 0, stderr: '' })
    expect(await nlwire(['nosuch'])).to.include({ status: 2, stdout: '' })
    expect(await nlwire(['explain', 'fixtures/error/ipvlan-wrong-mode.nl'])).to.include({ status: 0 })
    const [a, b] = ['ipvlan-l2-private-add', 'ipvlan-l3-vepa-add'].map((name) => `fixtures/ipvlan/${name}.nl`)
    expect(await nlwire(['diff', a!, b!])).to.include({ status: 3, stderr: '' })
    expect(process.exitCode).to.equal(before)
  })

  it('refuses a second command while one runs, and takes it afterwards', async () => {
    const [stdin, stdout] = [new PassThrough(), new PassThrough()]
    const given = { stdin, stdout, stderr: stdout, env: {} }
    const first = perform(['decode'], given)
    expect((await rejection(perform(['--version'], given))).message).to.contain('one at a time')
    stdin.end()
    expect(await first).to.deep.equal({ status: 2, left: false })
    expect(String(stdout.read())).to.equal('nlwire: standard input is empty\n')
    expect((await nlwire(['--version'])).status).to.equal(0)
  })
})
