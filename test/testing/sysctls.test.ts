/** Sysctls in tests: kept in memory, recorded and replayed, refused where there is no machine. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'chai'
import { dryHost } from '../../src/cli/kernel/dry-run.js'
import { OptionError, TransportError } from '../../src/netlink/errors.js'
import { sysctlError } from '../../src/netlink/socket/sysctl.js'
import { type Host, noHost } from '../../src/rtnl/client/host.js'
import {
  fakeKernel,
  parseNl,
  ReplayError,
  recordingHost,
  replayHost,
  testHost,
  withTestHost,
} from '../../src/testing/index.js'

const NOTIFY = 'net/ipv6/conf/eth0/ndisc_notify'

function failure(run: () => unknown): Error {
  try {
    run()
  } catch (error) {
    return error as Error
  }
  throw new Error('nothing was thrown')
}

describe('testing/sysctls', () => {
  const fake = () =>
    fakeKernel({ RTM_GETLINK: () => undefined }, { namespaces: ['net1', 'net2'], sysctls: { [NOTIFY]: 0 } })

  it('a fake kernel keeps them, for each namespace its own', () => {
    const { sysctl, namespace } = fake().host
    expect([sysctl.get(NOTIFY), sysctl.get('net.ipv6.conf.eth0.ndisc_notify', 'net1')]).to.deep.equal(['0', '0'])
    sysctl.set(NOTIFY, 1, 'net1')
    expect([sysctl.get(NOTIFY), sysctl.get(NOTIFY, 'net1'), sysctl.get(NOTIFY, 'net2')]).to.deep.equal(['0', '1', '0'])
    using opened = namespace('net2')
    sysctl.set('net.ipv6.conf.eth0.ndisc_notify', '2', { fd: opened.fd })
    expect([sysctl.get(NOTIFY, 'net2'), sysctl.get(NOTIFY, { fd: opened.fd })]).to.deep.equal(['2', '2'])
    expect(failure(() => sysctl.get('net/ipv4/ip_forward')).message).to.match(
      /no sysctl net\/ipv4\/ip_forward: give it a value in sysctls/,
    )
    expect(failure(() => sysctl.set('kernel/hostname', 'x'))).to.be.instanceOf(OptionError)
    expect(failure(() => sysctl.set(NOTIFY, ''))).to.be.instanceOf(OptionError)
  })

  it('a client that has a transport only has none', () => {
    for (const run of [() => noHost.sysctl.get(NOTIFY), () => noHost.sysctl.set(NOTIFY, 1)])
      expect(failure(run)).to.include({ code: 'ERR_NETLINK_UNSUPPORTED' })
  })

  it('a dry run tells what would be set, and sets nothing', () => {
    const said: string[] = []
    const { sysctl } = dryHost((line) => said.push(line))
    const own = readFileSync('/proc/sys/net/ipv4/ip_forward', 'utf8').trimEnd()
    expect(sysctl.get('net.ipv4.ip_forward')).to.equal(own)
    sysctl.set('net.ipv4.ip_forward', '7')
    sysctl.set(NOTIFY, 1, 'net1')
    expect([sysctl.get('net/ipv4/ip_forward'), sysctl.get(NOTIFY, 'net1')]).to.deep.equal(['7', '1'])
    expect(readFileSync('/proc/sys/net/ipv4/ip_forward', 'utf8').trimEnd()).to.equal(own)
    expect(sysctl.get(NOTIFY, 'net2')).to.equal('0')
    expect(said).to.deep.equal([
      'the sysctl net.ipv4.ip_forward would be set to 7',
      `the sysctl ${NOTIFY} would be set to 1 in "net1"`,
      `the sysctl ${NOTIFY} is not known without asking: 0 stands for it`,
    ])
    expect(failure(() => sysctl.get('kernel/hostname'))).to.be.instanceOf(OptionError)
  })

  describe('recorded', () => {
    let folder: string
    let file: string
    before(() => {
      folder = mkdtempSync(join(tmpdir(), 'nlwire-sysctls-'))
      file = join(folder, 'sysctls.nl')
    })
    after(() => rmSync(folder, { recursive: true }))

    /** A kernel that has no sysctl of eth9. */
    const kernel = (): Host => {
      const { host } = fake()
      const get: Host['sysctl']['get'] = (name, where) => {
        if (!name.includes('eth9')) return host.sysctl.get(name, where)
        throw sysctlError(name, undefined, where, { syscall: 'open', errno: 2 })
      }
      return { ...host, sysctl: { ...host.sysctl, get } }
    }
    const program = ({ sysctl }: Host) => {
      const before = sysctl.get(NOTIFY, 'net1')
      sysctl.set('net.ipv6.conf.eth0.ndisc_notify', 1, 'net1')
      const missing = failure(() => sysctl.get('net/ipv6/conf/eth9/mtu'))
      expect(missing).to.be.instanceOf(TransportError)
      const { code, syscall, errno, message } = missing as TransportError
      return [before, sysctl.get(NOTIFY, 'net1'), { code, syscall, errno, message }]
    }

    it('are replayed: values and errors', async () => {
      const first = await withTestHost(file, program, { mode: 'record', on: kernel(), kernel: '6.1.0 x86_64' })
      expect(first.slice(0, 2)).to.deep.equal(['0', '1'])
      expect(await withTestHost(file, program, { mode: 'replay' })).to.deep.equal(first)
      expect(await withTestHost(file, program, { mode: 'kernel', on: kernel() })).to.deep.equal(first)
      const { notes } = parseNl(readFileSync(file, 'utf8'))
      expect(notes.slice(0, 2)).to.deep.equal([
        `sysctl: {"does":"get","name":"${NOTIFY}","in":"net1","value":"0"}`,
        `sysctl: {"does":"set","name":"${NOTIFY}","in":"net1","value":"1"}`,
      ])
    })

    it('another one, another value, another place, one too many, and one too few are errors', () => {
      const wrong: readonly ((sysctl: Host['sysctl']) => unknown)[] = [
        (sysctl) => sysctl.set(NOTIFY, 0, 'net1'),
        (sysctl) => sysctl.get(NOTIFY, 'net1') && sysctl.set(NOTIFY, 0, 'net1'),
        (sysctl) => sysctl.get(NOTIFY, 'net2'),
        (sysctl) => sysctl.get(NOTIFY),
        (sysctl) => sysctl.get('net/ipv6/conf/eth1/ndisc_notify', 'net1'),
      ]
      for (const run of wrong) {
        const { host, assertDone } = replayHost(file)
        expect(failure(() => run(host.sysctl))).to.be.instanceOf(ReplayError)
        assertDone()
      }
      const { host, assertDone } = replayHost(file)
      expect(failure(() => host.sysctl.get(NOTIFY, 'net2')).message).to.equal(
        `sysctl 1: get ${NOTIFY} in net2; the recording has: get ${NOTIFY} in net1`,
      )
      assertDone()
      const whole = replayHost(file)
      program(whole.host)
      whole.assertDone()
      expect(failure(() => whole.host.sysctl.get(NOTIFY)).message).to.match(/the recording has no more of them$/)
      const half = replayHost(file)
      half.host.sysctl.get(NOTIFY, 'net1')
      expect(failure(() => half.assertDone()).message).to.contain(`never done: sysctl set ${NOTIFY} to "1" in net1`)
      testHost(file, { mode: 'replay', allowUnused: true }).done()
    })

    it('are redacted by the names of links and namespaces', () => {
      const { host, recording } = recordingHost(kernel())
      program(host)
      const { notes } = recording({ redact: { values: { eth0: 'lan0', net1: 'a' } } })
      expect(notes.join('\n')).to.contain('"net/ipv6/conf/lan0/ndisc_notify","in":"a"').and.not.contain('eth0')
    })
  })
})
