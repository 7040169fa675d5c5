/** npm start, from its recording: every message that it builds is the recorded one. */
import { execFileSync, spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { expect } from 'chai'
import { runInUml, uml } from '../kernel/uml.js'
import { root } from '../support/fixtures.js'
import { needs } from '../support/layers.js'

const program = join(root, 'dist/examples/ipvlan-experiment.js')

describe('the ipvlan experiment, on a kernel', () => {
  before(function () {
    needs(this, uml)
  })

  it('runs, with the pings answered and the mode read back', async () => {
    const { status, stdout, stderr } = await runInUml([process.execPath, program])
    expect(stderr).to.equal('')
    expect(status).to.equal(0)
    expect(stdout).to.match(/the ipvlan experiment on the kernel 6/)
    expect(stdout).to.match(/3 packets transmitted, 3 received/)
    expect(stdout).to.match(/^ipv2: kind ipvlan, mode l3$/m)
  })

  it('counts UDP round trips where there is no ping, and leaves no namespace behind', async () => {
    // A PATH with nothing but what is needed; the namespaces are listed afterwards.
    const script =
      'mkdir /run/bin && for p in sh nsenter; do ln -s "$(command -v $p)" /run/bin/; done; ' +
      `PATH=/run/bin ${process.execPath} ${program} --on host && ls /run/netns | wc -l`
    const { status, stdout, stderr } = await runInUml(['bash', '-c', script])
    expect(stderr).to.equal('')
    expect(status).to.equal(0)
    expect(stdout).to.match(/there is no ping here, so UDP: 3 packets sent, 3 answered/)
    expect(stdout.trimEnd()).to.match(/\n0$/)
  })
})

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
