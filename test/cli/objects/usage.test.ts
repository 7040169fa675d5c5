/** The usage and the completion of the objects: all of it from the definitions. */
import { expect } from 'chai'
import { following } from '../../../src/cli/command-line/options-objects.js'
import { usageLines } from '../../../src/cli/objects/usage.js'
import type { AttributeSet } from '../../../src/netlink/index.js'
import {
  addressAttributes,
  kinds,
  linkAttributes,
  routeAttributes,
  routeMetrics,
  slaveKinds,
} from '../../../src/rtnl/index.js'
import { nlwire } from '../run.js'

const snake = (name: string) => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)

/** All names that the usage of a set must have: its attributes, and the values of its enums and flags. */
function namesIn(set: AttributeSet): string[] {
  return set.list.flatMap(({ name, type, selector }) => {
    if (selector || name === 'pad' || type.access === 'read-only' || type.access === 'query-only') return []
    const inside = type.kind === 'struct' ? Object.values(type.members ?? {}) : []
    const values = [type, ...inside].flatMap((one) => Object.keys(one.values ?? {}))
    return [name, ...values].map(snake)
  })
}

function expectAll(lines: readonly string[], names: readonly string[]): void {
  const words = new Set(lines.join(' ').split(/[\s,;]+/))
  expect(names.filter((name) => !words.has(name))).to.deep.equal([])
}

describe('the usage of objects', () => {
  it('has every attribute and every value of every kind', () => {
    for (const [kind, set] of Object.entries(kinds)) expectAll(usageLines('link', kind, 80), namesIn(set))
    for (const [kind, set] of Object.entries(slaveKinds))
      expectAll(usageLines('link', `${kind}_slave`, 80), namesIn(set))
  })

  it('has every attribute of links, addresses and routes, and every kind', () => {
    const link = usageLines('link', undefined, 80)
    // What is in linkinfo is said by type and its words.
    expectAll(link, [...namesIn(linkAttributes).filter((name) => name !== 'linkinfo'), ...Object.keys(kinds)])
    // The address is in the grammar.
    expectAll(
      usageLines('address', undefined, 80),
      namesIn(addressAttributes).filter((name) => !['address', 'local'].includes(name)),
    )
    // The destination is a prefix, and metrics have words of their own.
    const route = namesIn(routeAttributes).filter((name) => !['dst', 'metrics'].includes(name))
    expectAll(usageLines('route', undefined, 80), [...route, ...namesIn(routeMetrics)])
  })

  it('says what each accepts', () => {
    expect(usageLines('link', 'ipvlan', 80).slice(2)).to.deep.equal([
      '  mode                    l2 | l3 | l3s (required)',
      '  flags                   private | vepa',
    ])
    const link = usageLines('link', undefined, 80)
    expect(link).to.include('  mtu                     0..4294967295, in bytes')
    expect(link).to.include('  address                 MAC')
    expect(link).to.include('  txqlen                  0..4294967295, in packets; also txqueuelen, qlen')
    expect(usageLines('route', undefined, 200).find((line) => line.startsWith('  multipath'))).to.match(
      /\[\{ rtnhFlags, .*\}, \.\.\.\] as JSON$/,
    )
  })

  it('fits the terminal, whatever its width', () => {
    for (const width of [60, 80, 160])
      for (const object of ['link', 'address', 'route', 'netns'])
        for (const line of usageLines(object, undefined, width)) expect(line.length, line).to.be.at.most(width)
  })

  it('comes with help at any place, and with --help', async () => {
    for (const line of ['link help', 'link add help', 'link --help', 'help link'])
      expect((await nlwire(line.split(' '))).stdout, line).to.contain(
        '  mtu                     0..4294967295, in bytes',
      )
    for (const line of ['link help ipvlan', 'link add type ipvlan help', 'link add x link y type ipvlan mode help'])
      expect((await nlwire(line.split(' '))).stdout, line).to.contain('l2 | l3 | l3s (required)')
    expect((await nlwire(['link', 'help'])).status).to.equal(0)
  })
})

describe('the completion of objects', () => {
  it('knows what can follow', () => {
    expect(following('link', [])).to.include.members(['show', 'add', 'set', 'delete', 'help'])
    expect(following('link', ['add', 'ipv1', 'type'])).to.deep.equal([...Object.keys(kinds), 'bridge_slave'])
    expect(following('link', ['add', 'ipv1', 'type', 'ipvlan'])).to.deep.equal([
      'mode',
      'flags',
      'private',
      'vepa',
      'bridge',
    ])
    expect(following('link', ['add', 'ipv1', 'type', 'ipvlan', 'mode'])).to.deep.equal(['l2', 'l3', 'l3s'])
    expect(following('link', ['set', 'ipv1'])).to.include.members(['up', 'down', 'mtu', 'master', 'type'])
    expect(following('link', ['set', 'ipv1', 'promisc'])).to.include.members(['on', 'off'])
    expect(following('address', ['add', '10.0.0.1/24', 'dev', 'x', 'scope'])).to.include('link')
    expect(following('route', ['add'])).to.include.members(['unreachable', 'default'])
    expect(following('route', ['add', 'default', 'proto'])).to.include('static')
    expect(following('netns', ['set', 'net1'])).to.deep.equal(['auto'])
  })

  it('is what the shell is told', async () => {
    const told = (await nlwire(['completion', 'bash', 'link', 'add', 'x', 'type', 'ipvlan', 'mode', 'l3'])).stdout
    expect(told.split('\n').filter((line) => line !== '')).to.deep.equal(['l3', 'l3s'])
  })
})
