/** The command as a person sees it, in terminals of two sizes, and its colours. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { stripVTControlCharacters } from 'node:util'
import { expect } from 'chai'
import { columnsOf } from '../../../src/cli/output/wrap.js'
import { nlwire, onScreen } from '../run.js'

const refused = 'fixtures/error/ipvlan-wrong-mode.nl'
const request = (await nlwire(['encode'], '{"type":"RTM_NEWLINK","body":{"linkinfo":{"kind":"ipvlan"}}}')).stdout.trim()

/** What someone may have given a link as its alias, and a kernel or a capture as anything else. */
const hostile = '\u001b]0;owned\u0007\u001b[31m\r\n\u009b2J\u202e evil \u2066\u200b'
const encoded = async (body: object) =>
  (await nlwire(['encode'], JSON.stringify({ type: 'RTM_NEWLINK', flags: ['request', 'ack', 'create'], seq: 7, body })))
    .stdout
const aliases = [
  await encoded({ ifname: 'eth0', ifalias: hostile.repeat(5) }),
  await encoded({ ifname: '漢字🚀', ifalias: '漢字の別名'.repeat(12), linkinfo: { kind: `x${hostile}` } }),
  await encoded({ ifname: 'eth1', ifalias: 'x'.repeat(250) }),
].join('')

describe('in a terminal', () => {
  let folder: string
  let links: string
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'nlwire-terminal-'))
    links = join(folder, 'links')
    writeFileSync(links, aliases)
  })
  after(() => rmSync(folder, { recursive: true }))

  const commands: [string, () => string[]][] = [
    ['decode an ipvlan that is added', () => ['decode', 'fixtures/ipvlan/ipvlan-l3-private-add.nl']],
    ['decode an error with its extended ack', () => ['decode', refused]],
    ['decode a dump of links', () => ['decode', 'fixtures/ipvlan/dump-all.nl']],
    ['decode --tree', () => ['decode', '--tree', '--c-names', 'fixtures/ipvlan/dump-all.nl']],
    ['decode garbage', () => ['decode', request, 'what is this? '.repeat(10), request]],
    ['decode hostile names', () => ['decode', links]],
    ['decode --tree of hostile names', () => ['decode', '--tree', links]],
    ['diff', () => ['diff', 'fixtures/ipvlan/ipvlan-l2-private-add.nl', 'fixtures/ipvlan/ipvlan-l3-vepa-add.nl']],
    ['diff of hostile names', () => ['diff', links, request]],
    ['explain EBUSY', () => ['explain', 'EBUSY', '--request', request]],
    ['explain a capture', () => ['explain', refused]],
    ['an error of the command itself', () => ['decode', '--message', 'NOPE', '00']],
    ['--help', () => ['--help']],
    ...['decode', 'encode', 'diff', 'explain'].map((name): [string, () => string[]] => [
      `${name} --help`,
      () => [name, '--help'],
    ]),
  ]
  for (const columns of [80, 160])
    for (const [name, args] of commands)
      it(`${name}: no line is longer than ${columns} columns`, async () => {
        const { screen } = await onScreen(columns, args())
        const text = stripVTControlCharacters(screen)
        expect(text).to.match(/\w/)
        for (const line of text.split('\n')) expect(columnsOf(line), line).to.be.at.most(columns)
        // biome-ignore lint/suspicious/noControlCharactersInRegex: colours are all that may drive a terminal
        const rest = screen.replaceAll(/\u001b\[\d+(;\d+)*m/g, '')
        expect(rest).to.not.match(/[^\P{C}\n]/u)
      })

  it('hostile names are all there, as text', async () => {
    const { screen } = await onScreen(160, ['decode', links])
    const said = stripVTControlCharacters(screen).replaceAll(/\s*\n?[0-9a-f ]{58};\s*/g, '')
    expect(said).to.contain('\\u001b]0;owned\\u0007\\u001b[31m\\r\\n\\u009b2J\\u202e').and.contain('x'.repeat(250))
  })

  it('notes use the columns that are there', async () => {
    const args = ['decode', 'fixtures/ipvlan/ipvlan-l3-private-add.nl']
    expect((await onScreen(160, args, { NO_COLOR: '1' })).screen).to.match(
      /^0000 {2}([0-9a-f]{2} +){16}; length \d+, RTM_NEWLINK, request\|ack\|excl\|create, seq \d+$/m,
    )
    expect((await onScreen(80, args, { NO_COLOR: '1' })).screen).to.match(/^0000 {2}([0-9a-f]{2} +){8}; length \d+, /m)
  })

  it('colours, unless NO_COLOR or a dumb terminal; none in a pipe, unless FORCE_COLOR', async () => {
    for (const args of [['decode', refused], ['explain', refused], ['--help']]) {
      const coloured = (text: string) => text.includes('\u001b[')
      expect(coloured((await onScreen(80, args)).screen), args[0]).to.equal(true)
      expect(coloured((await onScreen(80, args, { NO_COLOR: '1' })).screen), args[0]).to.equal(false)
      expect(coloured((await onScreen(80, args, { TERM: 'dumb' })).screen), args[0]).to.equal(false)
      expect(coloured((await nlwire(args)).stdout), args[0]).to.equal(false)
      expect(coloured((await nlwire(args, '', { FORCE_COLOR: '1' })).stdout), args[0]).to.equal(true)
    }
  })

  it('what it prints can be read back, in any width', async () => {
    const file = 'fixtures/ipvlan/dump-all.nl'
    const json = (await nlwire(['decode', '--json', file])).stdout
    const again = async (text: string) => await nlwire(['decode', '--json', '--from', 'nl'], text)
    for (const text of [
      (await nlwire(['decode', file])).stdout,
      (await onScreen(80, ['decode', file], { NO_COLOR: '1' })).screen,
      (await nlwire(['decode', refused])).stdout,
    ]) {
      const { status, stdout } = await again(text)
      expect(status).to.equal(0)
      expect(stdout).to.equal(text.includes(file) ? json : (await nlwire(['decode', '--json', refused])).stdout)
    }
  })
})
