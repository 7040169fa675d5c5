/** npm start, from its recording: every message that it builds is the recorded one. */
import { execFileSync, spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { expect } from 'chai'
import { root } from '../support/fixtures.js'

const program = join(root, 'dist/examples/ipvlan-experiment.js')

describe('the ipvlan experiment, from its recording', () => {
  it('builds the recorded messages and prints them annotated', () => {
    const output = execFileSync(process.execPath, [program, '--on', 'recording'], { encoding: 'utf8' })
    expect(output).to.match(/3 packets transmitted, 3 received/)
    expect(output).to.match(/^[0-9a-f]{4} {2}.*; +mode = l3$/m)
    expect(output).to.match(/every message was the recorded one/)
  })

  it('refuses an unknown place', () => {
    const { status, stderr } = spawnSync(process.execPath, [program, '--on', 'mars'], { encoding: 'utf8' })
    expect(status).to.equal(2)
    expect(stderr).to.match(/host, uml or recording/)
  })
})
