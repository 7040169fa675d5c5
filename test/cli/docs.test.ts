/** The commands of docs/cli.md do what it says. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'chai'
import { formats } from '../../src/cli/input/index.js'
import { root } from '../support/fixtures.js'
import { nlwire } from './run.js'

const text = readFileSync(join(root, 'docs/cli.md'), 'utf8')

describe('docs/cli.md', () => {
  it('its hex is a dump of all links', async () => {
    const [, hex] = /nlwire decode ([0-9a-f]{64})\n/.exec(text)!
    const said = (await nlwire(['decode', hex!])).stdout.replaceAll(/\n +; +/g, ' ')
    expect(said).to.contain('RTM_GETLINK, request|ack|dump, seq 7')
  })

  it('its JSON can be encoded, and gives itself again', async () => {
    for (const [, json] of text.matchAll(/^({"direction".*}|.*echo '(?={))/gm)) {
      if (!json!.startsWith('{')) continue
      const { body } = JSON.parse((await nlwire(['decode', '--json'], (await nlwire(['encode'], json)).stdout)).stdout)
      expect(body).to.deep.include(JSON.parse(json!).body)
    }
    const [, written] = /echo '({.*})' \| nlwire encode/.exec(text)!
    expect((await nlwire(['encode'], written)).stdout).to.match(/^20000000120001000100/)
  })

  it('its commands of objects are understood, and what they change would be sent', async () => {
    const lines = [...text.matchAll(/^nlwire ((?:-n \w+ -j )?(?:link|address|route) .*)$/gm)].map(([, line]) => line!)
    expect(lines.length).to.be.greaterThan(6)
    for (const line of lines) {
      const options = line.endsWith('help ipvlan') ? [] : ['--dry-run']
      const { status, stdout, stderr } = await nlwire([...line.split(' ').filter((word) => word !== '-j'), ...options])
      expect([status, stderr], line).to.deep.equal([0, ''])
      if (/ (add|set|replace) /.test(line)) expect(stdout, line).to.match(/> RTM_(NEW|SET)/)
    }
  })

  it('names every format and every command', () => {
    for (const { name } of formats) expect(text).to.contain(`\`${name}\``)
    for (const name of ['decode', 'encode', 'diff', 'explain', 'monitor', 'trace', 'network', 'docker-driver'])
      expect(text).to.contain(`## \`nlwire ${name}`)
  })
})
