import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'chai'
import { NetworkStore, type StoredNetwork } from '../../src/network/store.js'

const network = (name: string): StoredNetwork => ({
  kind: 'ipvlan',
  options: { name, parent: 'eth0' },
  attachments: {},
})

describe('network/store', () => {
  let folder: string
  let store: NetworkStore
  beforeEach(() => {
    folder = join(mkdtempSync(join(tmpdir(), 'nlwire-store-')), 'networks')
    store = new NetworkStore(folder)
  })
  afterEach(() => rmSync(join(folder, '..'), { recursive: true }))

  it('reads what it has written, under any name, and leaves one file for each', () => {
    expect(store.names()).to.deep.equal([])
    expect(store.read('n30')).to.equal(undefined)
    const names = ['.', '..', '.hidden', 'a/b', 'a%2fb', 'n30', 'ü'.repeat(60), '/'.repeat(40)]
    for (const name of names) store.update(name, () => network(name))
    expect(store.names()).to.deep.equal([...names].sort())
    for (const name of names) expect(store.read(name)).to.deep.equal(network(name))
    expect(readdirSync(folder)).to.have.length(names.length)
    for (const name of names) store.update(name, () => undefined)
    expect(readdirSync(folder)).to.deep.equal([])
  })

  it('changes what is there; a change that throws leaves it', () => {
    store.update('n30', () => network('n30'))
    store.update('n30', (before) => ({ ...before!, attachments: { c1: { id: 'c1', netns: 'net1' } } }))
    const after = store.read('n30')
    expect(Object.keys(after!.attachments)).to.deep.equal(['c1'])
    const thrown = () =>
      store.update('n30', () => {
        throw new TypeError('no')
      })
    expect(thrown).to.throw(TypeError)
    expect(store.read('n30')).to.deep.equal(after)
    expect(readdirSync(folder)).to.deep.equal(['n30.json'])
    expect(statSync(store.file('n30')).mode & 0o777).to.equal(0o600)
  })

  it('a broken file is an error that names it', () => {
    store.update('n30', () => network('n30'))
    const file = store.file('n30')
    for (const [text, reason] of [
      ['{', /is no JSON/],
      ['[]', /version is undefined: expected 1/],
      ['{"version":1,"kind":"veth"}', /kind is "veth": expected "ipvlan" or "macvlan"/],
      ['{"version":1,"kind":"ipvlan","options":{"name":"x"}}', /options\.name is not "n30"/],
      ['{"version":1,"kind":"ipvlan","options":{"name":"n30"},"attachments":{"c1":7}}', /attachments is no object/],
    ] as const) {
      writeFileSync(file, text)
      for (const broken of [() => store.read('n30'), () => store.update('n30', (before) => before)]) {
        expect(broken, text).to.throw(reason).with.include({ code: 'ERR_NETWORK_STORE', file })
      }
      expect(readdirSync(folder)).to.deep.equal(['n30.json'])
    }
  })

  it('a writer that was killed does not keep others from writing for ever', () => {
    store.update('n30', () => network('n30'))
    writeFileSync(join(folder, '.n30.json.new'), 'half')
    store.update('n30', (before) => before)
    expect(readdirSync(folder)).to.deep.equal(['n30.json'])
  }).timeout(30_000)
})
