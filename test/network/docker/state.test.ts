/** What the Docker driver keeps on disk. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'chai'
import { dockerNetwork } from '../../../src/network/docker/options.js'
import { DockerState } from '../../../src/network/docker/state.js'

const id = 'a'.repeat(64)
const network = dockerNetwork({ id, options: { parent: 'eth0' }, internal: false, pools: [] })

describe('network/docker/state', () => {
  let folder: string
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'nlwire-docker-'))
  })
  afterEach(() => rmSync(folder, { recursive: true }))
  const file = () => join(folder, 'docker.json')

  it('forgets the endpoints of a network with it', () => {
    const state = new DockerState(folder)
    state.setNetwork(id, network)
    state.setEndpoint('e', { network: id, addresses: [] })
    state.setEndpoint('f', { network: 'other', addresses: [] })
    state.setNetwork(id, undefined)
    expect([...new DockerState(folder).endpoints.keys()]).to.deep.equal(['f'])
  })

  it('a state that was half written is the old one; one that is broken is told, with its file', () => {
    new DockerState(folder).setNetwork(id, network)
    writeFileSync(`${file()}.new`, '{ "networks": {')
    expect([...new DockerState(folder).networks.keys()]).to.deep.equal([id])
    writeFileSync(file(), '{ "networks": {')
    expect(() => new DockerState(folder)).to.throw(/docker\.json: .*mend it, or delete it/)
    const wrong = [
      '{ "version": 9 }',
      '{"version":1,"networks":[],"endpoints":[]}',
      '{"version":1,"networks":{},"endpoints":7}',
    ]
    for (const text of [...wrong, '7', 'null', '{"version":1,"networks":{},"endpoints":{"e":null}}']) {
      writeFileSync(file(), text)
      expect(() => new DockerState(folder), text).to.throw(/docker\.json: it is no state/)
    }
  })
})
