/** podman runs containers of two networks on one parent, by the CNI plugin: run by cni.test.js in user-mode Linux. */
import { expect } from 'chai'
import { links, run } from './cni/lab.js'
import { podman, preparePodman, writeNetwork } from './cni/podman.js'

const network = (name: string, subnet: string): string =>
  JSON.stringify({
    cniVersion: '0.4.0',
    name,
    plugins: [
      {
        type: 'ipvlan',
        master: 'eth0',
        mode: 'l3',
        ipam: {
          type: 'host-local',
          dataDir: '/run/cni-data',
          ranges: [[{ subnet }]],
          routes: [{ dst: '0.0.0.0/0' }],
        },
      },
    ],
  })

describe('podman', function () {
  this.timeout(150_000)

  it('runs containers of two networks on one parent that reach each other', () => {
    preparePodman()
    run('ip link add eth0 type dummy')
    run('ip link set eth0 up')
    writeNetwork('n30', network('n30', '192.168.30.0/24'))
    writeNetwork('n110', network('n110', '192.168.110.0/24'))
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
