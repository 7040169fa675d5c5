/** podman runs containers of two networks on one parent, by the CNI plugin: run by cni.test.js in user-mode Linux. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'chai'
import { root } from '../support/fixtures.js'
import { links, run } from './cni/lab.js'
import { podman, preparePodman, writeNetwork } from './cni/podman.js'

/** The network of docs/cni.md. */
const [, n30] = /### podman.*?```json\n(.*?)```/s.exec(readFileSync(join(root, 'docs/cni.md'), 'utf8'))!

describe('podman', function () {
  this.timeout(150_000)

  it('runs containers of two networks on one parent that reach each other', () => {
    preparePodman()
    run('ip link add eth0 type dummy')
    run('ip link set eth0 up')
    writeNetwork('n30', n30!)
    writeNetwork('n110', n30!.replace('n30', 'n110').replace('192.168.30.', '192.168.110.'))
    const start = ['run', '-d', '--security-opt', 'seccomp=unconfined', '--log-driver', 'none']
    podman(...start, '--net', 'n30', '--name', 'c30', 'bb', '/bin/sleep', '1000')
    podman(...start, '--net', 'n110', '--name', 'c110', 'bb', '/bin/sleep', '1000')
    expect(podman('exec', 'c30', 'ip', 'addr', 'show', 'eth0')).to.match(/inet 192.168.30.2\/24 brd 192.168.30.255/)
    const address = '{{range .NetworkSettings.Networks}}{{.IPAddress}}{{end}}'
    const other = podman('inspect', '-f', address, 'c110').trim()
    expect(other).to.equal('192.168.110.2')
    expect(podman('exec', 'c30', 'ping', '-c', '2', '-W', '2', other)).to.match(/2 packets received, 0% packet loss/)
    podman('rm', '-f', '-t', '0', 'c30', 'c110')
    expect(links()).to.deep.equal([])
    expect(run('ip netns list').trim()).to.equal('')
  })
})
