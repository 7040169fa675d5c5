import { expect } from 'chai'
import type { CniError } from '../../../src/network/cni/errors.js'
import { type CniResult, formatResult, parseResult } from '../../../src/network/cni/result.js'
import { cniVersions } from '../../../src/network/cni/versions.js'

const result: CniResult = {
  interfaces: [{ name: 'eth0', mac: '02:00:00:00:00:01', mtu: 1400, sandbox: '/run/netns/n1' }],
  ips: [
    { interface: 0, address: '10.0.1.2/24', gateway: '10.0.1.1' },
    { interface: 0, address: 'fd00::2/64' },
  ],
  routes: [{ dst: '0.0.0.0/0' }, { dst: '::/0', gw: 'fd00::1', priority: 7 }],
  dns: { nameservers: ['10.0.1.53'] },
}

describe('results of CNI', () => {
  it('before 1.0.0 say the version of each address, and since 1.1.0 the MTU', () => {
    const forms = Object.fromEntries(cniVersions.map((version) => [version, formatResult(version, result)])) as Record<
      string,
      unknown
    >
    const form = (version: string) => forms[version] as { interfaces: object[]; ips: object[] }
    for (const version of cniVersions)
      expect(form(version)).to.deep.include({ cniVersion: version, routes: result.routes, dns: result.dns })
    for (const version of ['0.3.0', '0.3.1', '0.4.0']) {
      expect(form(version).ips[0]).to.deep.equal({ version: '4', ...result.ips[0] })
      expect(form(version).ips[1]).to.deep.equal({ version: '6', ...result.ips[1] })
    }
    for (const version of ['1.0.0', '1.1.0']) expect(form(version).ips).to.deep.equal(result.ips)
    for (const version of ['0.3.1', '1.0.0']) expect(form(version).interfaces[0]).not.to.have.property('mtu')
    expect(form('1.1.0').interfaces).to.deep.equal(result.interfaces)
  })

  it('are read again from each form', () => {
    for (const version of cniVersions) {
      const { interfaces, ...rest } = parseResult(JSON.parse(JSON.stringify(formatResult(version, result))), 'x')
      expect(rest).to.deep.equal({ ips: result.ips, routes: result.routes, dns: result.dns })
      expect(interfaces[0]).to.deep.include({ name: 'eth0', sandbox: '/run/netns/n1' })
    }
  })

  it('can lack all but what they say: null, as Go writes empty lists', () => {
    const nothing = { interfaces: [], ips: [], routes: [], dns: {} }
    expect(parseResult({}, 'x')).to.deep.equal(nothing)
    expect(parseResult({ interfaces: null, ips: null, routes: null, dns: null }, 'x')).to.deep.equal(nothing)
    expect(formatResult('1.0.0', nothing)).to.deep.equal({ cniVersion: '1.0.0', dns: {} })
    const ips = [{ address: '10.0.0.2/8', gateway: null, interface: null }]
    expect(parseResult({ ips }, 'x').ips).to.deep.equal([{ address: '10.0.0.2/8' }])
  })

  it('that are wrong say where, and what', () => {
    const wrong: [unknown, string][] = [
      [3, 'ipam: 3 is no result'],
      [{ ips: {} }, 'ipam: "ips": {} is no list'],
      [{ ips: [null] }, 'ipam: ips[0]: null is no object'],
      [{ ips: [{ address: '10.0.1.2' }] }, 'ipam: ips[0]: "address": "10.0.1.2" is no address such as 10.0.1.2/24'],
      [{ ips: [{ address: '10.0.1.2/33' }] }, 'ips[0]: "address": "10.0.1.2/33" is no address'],
      [{ ips: [{ address: '10.0.1.2/8', gateway: 'x' }] }, 'ips[0]: "gateway": "x" is no address'],
      [{ ips: [{ address: '10.0.1.2/8', interface: -1 }] }, 'ips[0]: "interface": -1 is no index'],
      [{ routes: [{ dst: 'default' }] }, 'routes[0]: "dst": "default" is no destination such as 10.0.0.0/8'],
      [{ routes: [{ dst: '::/0', table: 1.5 }] }, 'routes[0]: "table": 1.5 is no number of 32 bits'],
      [{ interfaces: [{ name: 3 }] }, 'interfaces[0]: "name": 3 is no text'],
    ]
    for (const [value, text] of wrong) {
      try {
        parseResult(value, 'ipam')
      } catch (error) {
        expect((error as CniError).code).to.equal(6)
        expect((error as CniError).message).to.contain(text)
        continue
      }
      expect.fail(`${text}: not refused`)
    }
  })
})
