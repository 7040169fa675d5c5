/** The README's first example on a kernel that has ipvlan: run by readme-example.test.js in user-mode Linux. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'chai'
import { netns } from '../../src/netlink/socket/netns.js'
import { openRtnl } from '../../src/rtnl/client/rtnl.js'
import { parseNl, volatile, withTestHost } from '../../src/testing/index.js'
import { root } from '../support/fixtures.js'
import { ipJson } from '../support/ip.js'
import { readmeExample } from '../support/readme-example.js'

describe("the README's first example", () => {
  let folder: string
  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'nlwire-readme-'))
    await using rtnl = await openRtnl()
    await rtnl.links.add({ ifname: 'eth0', linkinfo: { kind: 'dummy' } })
  })
  after(() => rmSync(folder, { recursive: true }))
  afterEach(() => {
    if (netns.exists('net1')) netns.delete('net1')
  })
  const made = () => {
    const [{ linkinfo, flags }] = ipJson('net1', 'link show ipv1')
    expect([linkinfo.info_kind, linkinfo.info_data.mode, flags.includes('UP')]).to.deep.equal(['ipvlan', 'l3', true])
  }

  it('runs on the kernel', async () => {
    await withTestHost('nowhere.nl', readmeExample, { mode: 'kernel' })
    made()
  })

  it('is recorded, and replayed without a namespace being made', async () => {
    const file = process.env.NLWIRE_README_EXAMPLE ?? join(folder, 'example.nl')
    const options = { title: "The README's first example", redact: { paths: volatile } }
    await withTestHost(file, readmeExample, { ...options, mode: 'record' })
    made()
    netns.delete('net1')
    await withTestHost(file, readmeExample, { mode: 'replay' })
    expect(netns.exists('net1')).to.equal(false)
    // The recording that the tests without a kernel use is of this program.
    const [now, kept] = [file, join(root, 'test/testing/readme-example.nl')].map((one) => {
      const { notes, exchanges } = parseNl(readFileSync(one, 'utf8'))
      return { notes, sent: exchanges.filter(({ direction }) => direction === 'sent').length }
    })
    expect(now).to.deep.equal(kept)
  })
})
