/** ipvlan and what else this machine's kernel may lack, by the command, in user-mode Linux. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'chai'
import { runInUml, uml } from '../../kernel/uml.js'
import { root } from '../../support/fixtures.js'
import { needs, shim } from '../../support/layers.js'
import { nlwire } from '../run.js'
import { program } from '../spawned.js'

/** Recorded by `nlwire --record` in user-mode Linux: see the last test. */
const recorded = join(root, 'test/cli/objects/ipvlan.nl')
const add = 'link add ipv1 link eth0 type ipvlan mode l3 private'

/** One command in the guest: what it printed, and how it ended. */
interface Step {
  readonly out: string
  readonly status: number
}

describe('nlwire link with a kernel that has ipvlan', function () {
  this.timeout(180_000)
  this.slow(60_000)
  const folder = mkdtempSync(join(tmpdir(), 'nlwire-'))
  after(() => rmSync(folder, { recursive: true }))
  const saved = join(folder, 'ipvlan.nl')
  const steps = new Map<string, Step>()

  // NLWIRE stands for the command. One guest for all: it takes seconds to start.
  const script = [
    'ip link add eth0 address 02:00:00:00:00:01 type dummy',
    `NLWIRE ${add} --record ${saved}`,
    'ip -j -d link show ipv1',
    'NLWIRE -j link show ipv1',
    'NLWIRE link add x link eth0 type ipvlan mode l4',
    'NLWIRE link add x link eth0 type ipvlan mode 9 --switch-siblings',
    'NLWIRE link add ipv2 link eth0 type ipvlan mode l2',
    'NLWIRE link add ipv2 link eth0 type ipvlan mode l2 --switch-siblings',
    'ip -j -d link show ipv1 # switched',
    'ip link add br0 type bridge',
    'ip link add d1 type dummy',
    'ip link set d1 master br0',
    'NLWIRE link add x link d1 type ipvlan mode l3',
    'NLWIRE link add link eth0 name eth0.5 type vlan id 5 protocol 802.1ad gvrp on reorder_hdr off ingress-qos-map 1:2 3:4',
    'ip -j -d link show eth0.5',
    'NLWIRE link set br0 type bridge vlan_filtering on mcast_vlan_snooping on',
    'ip -j -d link show br0',
  ]

  before(async function () {
    needs(this, shim)
    needs(this, uml)
    const lines = script.map((line) => {
      const command = line.replace(/^NLWIRE/, `'${process.execPath}' '${program}'`)
      return `echo '@@ ${line}'; ${command}\necho "@@= $?"`
    })
    const { stdout, stderr } = await runInUml(['sh', '-c', `exec 2>&1\n${lines.join('\n')}`])
    for (const [, line, out, status] of stdout.matchAll(/^@@ (.*)\n([\s\S]*?)^@@= (\d+)$/gm))
      steps.set(line!, { out: out!, status: Number(status) })
    if (steps.size < script.length) throw new Error(`the guest did not do all:\n${stdout}\n${stderr}`)
  })

  const step = (begin: string) => [...steps].find(([line]) => line.startsWith(begin))![1]
  const ipJson = (begin: string) => JSON.parse(step(begin).out)[0].linkinfo.info_data

  it('makes what it was asked for: ip and nlwire show it', () => {
    expect(step(`NLWIRE ${add}`)).to.deep.equal({ out: '', status: 0 })
    expect(ipJson('ip -j -d link show ipv1')).to.include({ mode: 'l3', private: true })
    const [shown] = JSON.parse(step('NLWIRE -j link show ipv1').out)
    expect(shown.linkinfo).to.deep.equal({ kind: 'ipvlan', data: { mode: 'l3', flags: ['private'] } })
  })

  it('a wrong mode: refused here by name, by the kernel as a number', () => {
    const here = step('NLWIRE link add x link eth0 type ipvlan mode l4')
    expect(here.out).to.contain('mode "l4": expected one of l2, l3, l3s')
    expect(here.status).to.equal(2)
    const there = step('NLWIRE link add x link eth0 type ipvlan mode 9')
    expect(there.out).to.match(/EINVAL[\s\S]*takes mode l2, l3 or l3s/)
    expect(there.status).to.equal(1)
  })

  it('the sibling guard refuses, --switch-siblings does it', () => {
    const guarded = step('NLWIRE link add ipv2 link eth0 type ipvlan mode l2')
    expect(guarded.out).to.match(/mode l2 would switch 1 other ipvlan link .*ipv1.*give --switch-siblings/)
    expect(guarded.status).to.equal(1)
    expect(step('NLWIRE link add ipv2 link eth0 type ipvlan mode l2 --switch')).to.deep.equal({ out: '', status: 0 })
    expect(ipJson('ip -j -d link show ipv1 # switched').mode).to.equal('l2')
  })

  it('a parent in use: EBUSY, and what to do', () => {
    const { out, status } = step('NLWIRE link add x link d1')
    expect(out).to.match(/RTM_NEWLINK: EBUSY[\s\S]*port of a bridge/)
    expect(status).to.equal(1)
  })

  it('vlans with flags and priorities, a bridge with bits of its options', () => {
    const vlan = ipJson('ip -j -d link show eth0.5')
    expect(vlan).to.deep.include({ id: 5, protocol: '802.1ad', flags: ['GVRP'] })
    expect(vlan.ingress_qos).to.deep.equal([
      { from: 1, to: 2 },
      { from: 3, to: 4 },
    ])
    expect(ipJson('ip -j -d link show br0')).to.include({ vlan_filtering: 1, mcast_vlan_snooping: 1 })
  })

  it('--record there, --replay here', async () => {
    const words = add.split(' ')
    expect(await nlwire([...words, '--replay', saved])).to.deep.equal({ status: 0, stdout: '', stderr: '' })
    // The one that is kept says the same: to record it again, copy this file.
    const sent = (file: string) => readFileSync(file, 'utf8').match(/^> .*/gm)
    expect(sent(recorded)).to.deep.equal(sent(saved))
  })
})
