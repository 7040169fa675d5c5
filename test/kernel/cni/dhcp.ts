/** The CNI plugin with the IPAM plugin dhcp, and its daemon, and dnsmasq as the server. */
import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync } from 'node:fs'
import { setTimeout } from 'node:timers/promises'
import { expect } from 'chai'
import { good, links, look, ours, referencePlugins, run, setUp, tearDown } from './lab.js'

const ipvlan = ours('ipvlan')
const LEASES = '/run/cni-leases'
const SOCKET = '/run/cni/dhcp.sock'

describe('the CNI plugin with dhcp', () => {
  const children: ChildProcess[] = []
  const start = (file: string, ...words: string[]) => children.push(spawn(file, words, { stdio: 'ignore' }))
  beforeEach(setUp)
  afterEach(() => {
    for (const child of children) child.kill()
    run('ip link del p0')
    tearDown()
  })

  it('each container has a lease of its own, until DEL', async () => {
    run('ip netns add server')
    run('ip link add p0 type veth peer name s0 netns server')
    run('ip link set p0 up')
    run('ip -n server addr add 10.9.0.1/24 dev s0')
    run('ip -n server link set s0 up')
    const files = ['--conf-file=/dev/null', '--pid-file=', `--dhcp-leasefile=${LEASES}`]
    const range = ['--dhcp-range=10.9.0.50,10.9.0.99,1h', '--no-ping']
    const others = ['--no-daemon', '--port=0', '--interface=s0', '--bind-interfaces', '--user=root']
    start('ip', 'netns', 'exec', 'server', 'dnsmasq', ...files, ...range, ...others)
    mkdirSync('/run/cni', { recursive: true })
    start(`${referencePlugins}/dhcp`, 'daemon', '-broadcast')
    for (let left = 100; left > 0 && !(existsSync(SOCKET) && existsSync(LEASES)); left--) await setTimeout(100)
    const conf = { cniVersion: '1.0.0', name: 'n', master: 'p0', mode: 'l2', ipam: { type: 'dhcp' } }
    const results = [
      await good(ipvlan('ADD', conf, { id: 'c1', ns: 'n1' })),
      await good(ipvlan('ADD', conf, { id: 'c2', ns: 'n2' })),
    ]
    const addresses = results.map(({ ips }) => ips[0].address.split('/')[0])
    expect(addresses[0]).to.match(/^10\.9\.0\.\d+$/)
    expect(addresses[0]).not.to.equal(addresses[1])
    expect(look('n1').addresses[0].local).to.equal(addresses[0])
    expect(run(`ip netns exec n1 ping -c 1 -W 2 ${addresses[1]}`)).to.contain('1 received')
    for (const address of addresses) expect(readFileSync(LEASES, 'utf8')).to.contain(address)
    await good(ipvlan('DEL', conf, { id: 'c1', ns: 'n1' }))
    await good(ipvlan('DEL', conf, { id: 'c2', ns: 'n2' }))
    expect([links('n1'), links('n2')]).to.deep.equal([[], []])
    const isReleased = () => addresses.every((address) => !readFileSync(LEASES, 'utf8').includes(address))
    for (let left = 100; left > 0 && !isReleased(); left--) await setTimeout(50)
    expect(isReleased(), readFileSync(LEASES, 'utf8')).to.equal(true)
  })
})
