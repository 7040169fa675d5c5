/** Recordings whose headers lie: an error that says where, at once. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'chai'
import { fromHex, MemoryTransport } from '../../../src/netlink/index.js'
import { route } from '../../../src/rtnl/index.js'
import {
  FixtureError,
  fakeKernel,
  parseNl,
  record,
  redacted,
  replay,
  replayHost,
  stable,
} from '../../../src/testing/index.js'
import { nlwire } from '../../cli/run.js'
import { root } from '../../support/fixtures.js'

const file = join(root, 'test/testing/replay/garbled.nl')
const text = readFileSync(file, 'utf8')

describe('a message whose length cannot be right', () => {
  for (const length of ['e0 ff ff ff', 'ff ff ff 7f', '00 00 00 80', '11 00 00 00', '0f 00 00 00'])
    it(`${length}: cannot be replayed`, async () => {
      const recording = parseNl(text.replace('e0 ff ff ff', length))
      const said = /the recording's datagram 1 \(sent\): the message at byte 0x20 has the length \d+/
      expect(() => replay(recording)).to.throw(FixtureError, said)
      expect(() => replayHost(recording)).to.throw(FixtureError, said)
    })

  it('is left alone by what numbers anew, records or redacts', () => {
    const recording = parseNl(text)
    const [exchange] = recording.exchanges as readonly { bytes: Uint8Array }[]
    const [changed] = stable(recording.exchanges, 'little') as { bytes: Uint8Array }[]
    expect(changed!.bytes.subarray(32)).to.deep.equal(exchange!.bytes.subarray(32))
    const recorded = record(new MemoryTransport({ protocol: 0, byteOrder: 'little' }))
    recorded.send(exchange!.bytes, exchange!.bytes.length)
    recorded.close()
    expect(recorded.recording().exchanges).to.have.lengthOf(1)
    expect(() => redacted(recording.exchanges, route, 'little', {})).to.throw('length')
  })

  it('is passed over by the fake kernel, as the kernel does', () => {
    const kernel = fakeKernel({ RTM_GETLINK: () => [] }, { byteOrder: 'little' })
    const bytes = fromHex('10000000 1200 0503 01000000 00000000 e0ffffff 1200 0503 02000000 00000000')
    kernel.open().send(bytes, bytes.length)
    expect(kernel.requests).to.have.lengthOf(1)
  })

  it('the command says so', async () => {
    const { status, stderr } = await nlwire(['link', 'show', '--replay', file])
    expect([status, stderr.includes('the message at byte 0x20 has the length 4294967264')]).to.deep.equal([2, true])
    expect(await nlwire(['monitor', '--replay', file])).to.include({ status: 2, stdout: '' })
  })
})
