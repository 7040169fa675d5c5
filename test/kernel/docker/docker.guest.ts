/** Docker with networks of the driver nlwire-ipvlan: run by docker.test.js in user-mode Linux. */
import { readFileSync } from 'node:fs'
import { setTimeout } from 'node:timers/promises'
import { expect } from 'chai'
import { Daemon, Driver, docker, documented, main, prepare, refusal, sh } from './daemon.js'

const links = () => [...sh('ip -o link').matchAll(/^\d+: ([^:@]+)/gm)].map((match) => match[1]!)
const run = (name: string, network: string, ...more: string[]) =>
  docker(
    ...['run', '-d', '--security-opt', 'seccomp=unconfined', '--net', network, ...more],
    ...['--name', name, 'busybox', 'sleep', '9999'],
  )
const addressOf = (name: string) =>
  docker('inspect', '-f', '{{range .NetworkSettings.Networks}}{{.IPAddress}}{{end}}', name)
const ping = (from: string, to: string) => docker('exec', from, 'ping', '-c', '3', '-W', '2', to)
const answered = /3 packets received/
const create = (name: string, subnet: string, ...options: string[]) =>
  docker('network', 'create', '-d', 'nlwire-ipvlan', `--subnet=${subnet}`, ...options, name)
const onEth0 = ['-o', 'parent=eth0', '-o', 'ipvlan_mode=l3']

describe('Docker', function () {
  this.timeout(240_000)
  const daemon = new Daemon()
  const driver = new Driver()
  let untouched: string[]

  before(async () => {
    prepare()
    sh('ip link add eth0 type dummy; ip link set eth0 up; ip address add 10.9.0.1/24 dev eth0')
    untouched = links()
    await driver.start()
    await daemon.start()
    daemon.image()
  })
  after(async () => {
    await daemon.stop()
    expect(await driver.kill('SIGTERM')).to.equal(0)
  })
  afterEach(function () {
    if (this.currentTest?.state !== 'failed') return
    for (const log of ['/run/driver.log', '/run/dockerd.log']) console.error(readFileSync(log, 'utf8').slice(-4000))
  })

  it('two networks on one parent, two containers each, reach each other within and across: docs/docker.md', () => {
    const said = documented('docs/docker.md')
    expect(said).to.have.length(9)
    for (const one of said.slice(-3)) expect(one).to.match(answered)
    expect(docker('exec', 'one', 'ip', 'route')).to.match(/^default dev eth0/)
  })

  it('refusals say why', () => {
    expect(
      refusal('network', 'create', '-d', 'nlwire-ipvlan', '-o', 'parent=eth0', '-o', 'ipvlan_mode=l2', 'x'),
    ).to.match(/has eth0 in mode l3: mode and flags belong to the parent/)
    expect(refusal('network', 'create', '-d', 'nlwire-ipvlan', '-o', 'parent=lo', 'x')).to.match(/lo is the loopback/)
    expect(refusal('network', 'create', '-d', 'nlwire-ipvlan', '-o', 'parent=nope', 'x')).to.match(/no link nope/)
    expect(refusal('network', 'create', '-d', 'nlwire-ipvlan', '-o', 'mode=l3', 'x')).to.match(
      /no option mode: expected parent/,
    )
    const mac = ['run', '--net', 'ipnet30', '--mac-address', '02:00:00:00:00:99', '--name', 'mac', 'busybox', 'true']
    expect(refusal(...mac)).to.match(/MAC address of its parent/)
    docker('rm', 'mac')
  })

  it('a VLAN as the parent, MTU, IPv6, a gateway in l2, a second network without a default route', () => {
    const more = [
      '--ipv6',
      '--subnet=fd00:130::/64',
      '--gateway=192.168.130.254',
      '-o',
      'parent=eth0.130',
      '-o',
      'mtu=1400',
    ]
    create('vlan', '192.168.130.0/24', ...more)
    expect(links()).to.include('eth0.130')
    run('v1', 'vlan')
    expect(docker('exec', 'v1', 'ip', 'route')).to.match(/default via 192\.168\.130\.254 dev eth0/)
    expect(docker('exec', 'v1', 'ip', 'address')).to.match(/mtu 1400[\s\S]*fd00:130::/)
    create('plain', '192.168.140.0/24', ...onEth0, '-o', 'default_route=false')
    docker('network', 'connect', 'plain', 'v1')
    expect(docker('exec', 'v1', 'ip', 'address')).to.match(/eth1.*mtu 1500/)
    docker('rm', '-f', 'v1')
    docker('network', 'rm', 'vlan', 'plain')
    expect(links()).to.deep.equal(untouched)
  })

  it('no parent: an internal network; host access', () => {
    create('inner', '192.168.150.0/24')
    run('i1', 'inner')
    expect(docker('exec', 'i1', 'ip', 'route')).not.to.match(/default/)
    create('seen', '192.168.160.0/24', ...onEth0, '--gateway=192.168.160.1', '-o', 'host_access=true')
    run('s1', 'seen')
    expect(sh(`ping -c 3 -W 2 ${addressOf('s1')}`)).to.match(/3 received/)
    expect(ping('s1', '192.168.160.1')).to.match(answered)
    docker('rm', '-f', 'i1', 's1')
    docker('network', 'rm', 'inner', 'seen')
    expect(links()).to.deep.equal(untouched)
    expect(sh('ip route show proto 110')).to.equal('')
  })

  it('the driver is killed and started between any two calls', async () => {
    const again = async () => {
      await driver.kill()
      await driver.start()
    }
    await again()
    expect(ping('one', addressOf('three'))).to.match(answered)
    create('k', '192.168.170.0/24', ...onEth0)
    await again()
    run('k1', 'k')
    await again()
    expect(ping('k1', addressOf('one'))).to.match(answered)
    docker('restart', '-t', '0', 'k1')
    await again()
    docker('rm', '-f', 'k1')
    await again()
    docker('network', 'rm', 'k')
    expect(links()).to.deep.equal(untouched)
  })

  it('the daemon is started again: containers start, and reach each other', async () => {
    await daemon.stop()
    expect(links()).to.deep.equal(untouched)
    await daemon.start()
    docker('start', 'one', 'three')
    expect(ping('one', addressOf('three'))).to.match(answered)
  })

  it('a container that is removed while the driver is away leaves nothing', async () => {
    await driver.kill()
    docker('rm', '-f', 'three')
    expect(links().some((name) => name.startsWith('iv'))).to.equal(true)
    await driver.start(true)
    for (let i = 0; i < 60 && links().some((name) => name.startsWith('iv')); i++) await setTimeout(500)
    expect(links()).to.deep.equal(untouched)
    run('b3', 'ipnet110')
    expect(ping('b3', addressOf('one'))).to.match(answered)
  })

  it('another driver, and one without a state, leave running containers alone', async () => {
    const other = (...words: string[]) => `timeout 20 node ${main} docker-driver ${words.join(' ')} 2>&1 || true`
    expect(sh(other('--state-dir /run/typo'))).to.match(/another driver listens on/)
    sh(other('--state-dir /run/typo --socket /run/docker/plugins/other.sock'))
    expect(ping('one', addressOf('b3'))).to.match(answered)
  })

  it('nothing is left', () => {
    docker('rm', '-f', 'one', 'two', 'four', 'b3')
    docker('network', 'rm', 'ipnet30', 'ipnet110')
    expect(links()).to.deep.equal(untouched)
    const { networks, endpoints } = JSON.parse(readFileSync('/run/state/docker.json', 'utf8'))
    expect({ networks, endpoints }).to.deep.equal({ networks: {}, endpoints: {} })
  })
})
