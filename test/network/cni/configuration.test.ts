import { expect } from 'chai'
import { readConfiguration } from '../../../src/network/cni/configuration.js'
import type { CniError } from '../../../src/network/cni/errors.js'
import type { CniCommand } from '../../../src/network/cni/versions.js'

const base = { cniVersion: '1.0.0', name: 'n', type: 'ipvlan' }
const read = (more: object = {}, program = 'nlwire-cni', command: CniCommand = 'ADD', args = {}) =>
  readConfiguration(JSON.stringify({ ...base, ...more }), { command, args }, program)

/** The error as a runtime sees it. */
function failure(run: () => unknown): { code: number; text: string } {
  try {
    run()
  } catch (error) {
    const { code, message, details } = error as CniError
    return { code, text: details === undefined ? message : `${message}; ${details}` }
  }
  throw new Error('it did not fail')
}

describe('the configuration of the CNI plugin', () => {
  it('has defaults, those of the reference plugins', () => {
    expect(read()).to.deep.equal({
      cniVersion: '1.0.0',
      name: 'n',
      kind: 'ipvlan',
      master: undefined,
      linkInContainer: false,
      mode: 'l2',
      flags: [],
      mtu: undefined,
      mac: undefined,
      bcqueuelen: undefined,
      ipam: undefined,
      dns: {},
      prevResult: undefined,
      hostAccess: false,
      proxy: false,
      notify: true,
      dad: 'none',
      attachments: [],
    })
    expect(read({ type: 'macvlan' }).mode).to.equal('bridge')
  })

  it('takes what the reference plugins take: zero values, null, letters of any size, members that nobody knows', () => {
    const conf = read({
      Master: 'eth1',
      MTU: 1400,
      mode: '',
      mac: 7,
      ipam: { Type: 'host-local' },
      dns: null,
      isGateway: 1,
    })
    expect(conf).to.deep.include({ master: 'eth1', mtu: 1400, mode: 'l2', ipam: 'host-local', dns: {}, mac: undefined })
    expect(read({ master: '', mtu: 0 })).to.deep.include({ master: undefined, mtu: undefined })
    expect(read({ MTU: 1, mtu: 1400 }).mtu).to.equal(1400)
    expect(read({ mtu: 1400, MTU: 1 }).mtu).to.equal(1400)
  })

  it('has the members that are our own', () => {
    const more = {
      flags: ['private'],
      hostAccess: { addresses: ['10.0.0.9'] },
      proxy: true,
      notify: false,
      dad: 'wait',
    }
    expect(read(more)).to.deep.include(more)
  })

  it('says the kind by the name of the program, or by the type', () => {
    expect(read({ type: 'x' }, 'nlwire-macvlan').kind).to.equal('macvlan')
    expect(read({ type: 'nlwire-macvlan' }, 'nlwire-cni').kind).to.equal('macvlan')
    expect(read({ type: 'macvlan' }, 'ipvlan').kind).to.equal('ipvlan')
    expect(failure(() => read({ type: 'x' }))).to.deep.equal({
      code: 7,
      text: '"type": "x" says neither ipvlan nor macvlan; link or copy the plugin as nlwire-ipvlan or nlwire-macvlan, and give that name as "type"',
    })
  })

  it('takes the hardware address of the runtime before that of CNI_ARGS, before its own', () => {
    const [a, b, c] = ['02:00:00:00:00:0A', '02-00-00-00-00-0b', '02:00:00:00:00:0c']
    const mac = (more: object, args = {}) => read({ type: 'macvlan', ...more }, 'x', 'ADD', args).mac
    expect(mac({ mac: a })).to.equal('02:00:00:00:00:0a')
    expect(mac({ mac: a }, { MAC: b })).to.equal('02:00:00:00:00:0b')
    expect(mac({ mac: a, runtimeConfig: { mac: c } }, { MAC: b })).to.equal(c)
    expect(failure(() => mac({}, { MAC: 'x' })).code).to.equal(4)
    expect(failure(() => mac({ runtimeConfig: { mac: 'x' } })).text).to.match(/^"runtimeConfig": "mac": "x" is not six/)
  })

  it('refuses wrong members by name and value, and says what is accepted', () => {
    const wrong: [object, string, number?][] = [
      [{ mode: 'l4' }, '"mode": "l4" is not l2, l3, l3s'],
      [{ type: 'macvlan', mode: 'l2' }, '"mode": "l2" is not bridge, private, vepa, passthru'],
      [{ mtu: -1 }, '"mtu": -1 is not an integer from 0 to 2147483647 bytes'],
      [{ mtu: '1400' }, '"mtu": "1400" is not an integer from 0 to 2147483647 bytes'],
      [{ master: 3 }, '"master": 3 is not a text'],
      [{ name: '../n' }, '"name": "../n" is not letters, digits, _, . and -, the first a letter or digit'],
      [{ name: '' }, '"name" is missing: the name of the network'],
      [{ linkInContainer: 'yes' }, '"linkInContainer": "yes" is not true or false'],
      [{ ipam: [] }, '"ipam": [] is not an object'],
      [{ ipam: { type: '../../bin/sh' } }, '"ipam": "type": "../../bin/sh" is not the name of a plugin'],
      [{ ipam: { type: 3 } }, '"ipam": "type": 3 is not the name of a plugin'],
      [{ flags: ['private', 'vepa'] }, '"flags": ["private","vepa"] is not a list of private or vepa'],
      [{ flags: 'private' }, '"flags": "private" is not a list of private or vepa'],
      [
        { hostAccess: { adresses: [] } },
        '"hostAccess": {"adresses":[]} is not true, false, or {"addresses": [...], "ifname"}',
      ],
      [{ hostAccess: { addresses: ['10.0.0.1/24'] } }, '"hostAccess": {"addresses":["10.0.0.1/24"]} is not true'],
      [{ dad: '' }, '"dad": "" is not none, wait'],
      [{ type: 'macvlan', flags: ['vepa'] }, '"flags": ["vepa"] is not for macvlan', 2],
      [
        { prevResult: { ips: [{ address: 'x' }] } },
        'prevResult: ips[0]: "address": "x" is no address such as 10.0.1.2/24',
        6,
      ],
    ]
    for (const [more, text, code = 7] of wrong) {
      const found = failure(() => read(more))
      expect(found.text).to.contain(text)
      expect(found.code, text).to.equal(code)
    }
  })

  it('refuses what is no JSON, no object, or nothing', () => {
    const text = (input: string) => failure(() => readConfiguration(input, { command: 'ADD', args: {} }, 'ipvlan'))
    expect(text('')).to.deep.include({ code: 6 })
    expect(text(' \n').text).to.match(/^there is no configuration on standard input/)
    expect(text('{').text).to.match(/^the configuration is no JSON; /)
    expect(text('[]')).to.deep.equal({ code: 6, text: 'the configuration is no object; []' })
  })

  it('refuses versions that it does not speak, and commands that a version does not have', () => {
    for (const cniVersion of ['0.2.0', '9.0.0', 1, null, undefined, ''])
      expect(failure(() => read({ cniVersion })).code, String(cniVersion)).to.equal(1)
    expect(failure(() => read({ cniVersion: '2.0.0' })).text).to.equal(
      'cniVersion "2.0.0" is not supported; supported are 0.3.0, 0.3.1, 0.4.0, 1.0.0, 1.1.0',
    )
    expect(failure(() => read({}, 'ipvlan', 'STATUS')).text).to.equal(
      'cniVersion 1.0.0 has no STATUS, which came with 1.1.0',
    )
    expect(failure(() => read({ cniVersion: '0.3.1' }, 'ipvlan', 'CHECK')).code).to.equal(1)
    expect(read({ cniVersion: '1.1.0' }, 'ipvlan', 'STATUS').cniVersion).to.equal('1.1.0')
  })

  it('GC has to be told which attachments are valid: none is a list as well, and null is how Go writes it', () => {
    const gc = (more: object) => read({ cniVersion: '1.1.0', ...more }, 'ipvlan', 'GC').attachments
    for (const none of [[], null]) expect(gc({ 'cni.dev/valid-attachments': none })).to.deep.equal([])
    const one = [{ containerID: 'c1', ifname: 'eth0' }]
    expect(gc({ 'cni.dev/valid-attachments': one })).to.deep.equal(one)
    expect(failure(() => gc({}))).to.deep.equal({
      code: 7,
      text: '"cni.dev/valid-attachments" is missing: GC deletes what is not among them',
    })
    expect(failure(() => gc({ 'cni.dev/valid-attachments': [{ containerID: 'c1' }] })).code).to.equal(7)
  })
})
