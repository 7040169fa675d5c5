/** The command as a person sees it: in terminals of two sizes, its colours, its completion, a reader that leaves. */
import { spawnSync } from 'node:child_process'
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { stripVTControlCharacters } from 'node:util'
import { expect } from 'chai'
import { columnsOf } from '../../../src/cli/output/wrap.js'
import { root } from '../../support/fixtures.js'
import { needs } from '../../support/layers.js'
import { nlwire, onTerminal, program, pseudoTerminal } from '../run.js'

const refused = 'fixtures/error/ipvlan-wrong-mode.nl'
const request = nlwire(['encode'], '{"type":"RTM_NEWLINK","body":{"linkinfo":{"kind":"ipvlan"}}}').stdout.trim()

/** What someone may have given a link as its alias, and a kernel or a capture as anything else. */
const hostile = '\u001b]0;owned\u0007\u001b[31m\r\n\u009b2J\u202e evil \u2066\u200b'
const encoded = (body: object) =>
  nlwire(['encode'], JSON.stringify({ type: 'RTM_NEWLINK', flags: ['request', 'ack', 'create'], seq: 7, body })).stdout
const aliases = [
  encoded({ ifname: 'eth0', ifalias: hostile.repeat(5) }),
  encoded({ ifname: '漢字🚀', ifalias: '漢字の別名'.repeat(12), linkinfo: { kind: `x${hostile}` } }),
  encoded({ ifname: 'eth1', ifalias: 'x'.repeat(250) }),
].join('')

describe('in a terminal', () => {
  let folder: string
  let links: string
  before(function () {
    folder = mkdtempSync(join(tmpdir(), 'nlwire-terminal-'))
    links = join(folder, 'links')
    writeFileSync(links, aliases)
    needs(this, pseudoTerminal)
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
      it(`${name}: no line is longer than ${columns} columns`, () => {
        const { screen } = onTerminal(columns, args())
        const text = stripVTControlCharacters(screen)
        expect(text).to.match(/\w/)
        for (const line of text.split('\n')) expect(columnsOf(line), line).to.be.at.most(columns)
        // biome-ignore lint/suspicious/noControlCharactersInRegex: colours are all that may drive a terminal
        const rest = screen.replaceAll(/\u001b\[\d+(;\d+)*m/g, '')
        expect(rest).to.not.match(/[^\P{C}\n]/u)
      })

  it('hostile names are all there, as text', () => {
    const { screen } = onTerminal(160, ['decode', links])
    const said = stripVTControlCharacters(screen).replaceAll(/\s*\n?[0-9a-f ]{58};\s*/g, '')
    expect(said).to.contain('\\u001b]0;owned\\u0007\\u001b[31m\\r\\n\\u009b2J\\u202e').and.contain('x'.repeat(250))
  })

  it('notes use the columns that are there', () => {
    const args = ['decode', 'fixtures/ipvlan/ipvlan-l3-private-add.nl']
    expect(onTerminal(160, args, { NO_COLOR: '1' }).screen).to.match(
      /^0000 {2}([0-9a-f]{2} +){16}; length \d+, RTM_NEWLINK, request\|ack\|excl\|create, seq \d+$/m,
    )
    expect(onTerminal(80, args, { NO_COLOR: '1' }).screen).to.match(/^0000 {2}([0-9a-f]{2} +){8}; length \d+, /m)
  })

  it('colours, unless NO_COLOR or a dumb terminal; none in a pipe, unless FORCE_COLOR', () => {
    for (const args of [['decode', refused], ['explain', refused], ['--help']]) {
      const coloured = (text: string) => text.includes('\u001b[')
      expect(coloured(onTerminal(80, args).screen), args[0]).to.equal(true)
      expect(coloured(onTerminal(80, args, { NO_COLOR: '1' }).screen), args[0]).to.equal(false)
      expect(coloured(onTerminal(80, args, { TERM: 'dumb' }).screen), args[0]).to.equal(false)
      expect(coloured(nlwire(args).stdout), args[0]).to.equal(false)
      expect(coloured(nlwire(args, '', { FORCE_COLOR: '1' }).stdout), args[0]).to.equal(true)
    }
  })

  it('what it prints can be read back, in any width', () => {
    const file = 'fixtures/ipvlan/dump-all.nl'
    const json = nlwire(['decode', '--json', file]).stdout
    const again = (text: string) => nlwire(['decode', '--json', '--from', 'nl'], text)
    for (const text of [
      nlwire(['decode', file]).stdout,
      onTerminal(80, ['decode', file], { NO_COLOR: '1' }).screen,
      nlwire(['decode', refused]).stdout,
    ]) {
      const { status, stdout } = again(text)
      expect(status).to.equal(0)
      expect(stdout).to.equal(text.includes(file) ? json : nlwire(['decode', '--json', refused]).stdout)
    }
  })
})

describe('completion', () => {
  const complete = (folder: string, ...words: string[]) => {
    const script = `eval "$(nlwire completion bash)"
      COMP_WORDS=(${words.join(' ')}); COMP_CWORD=${words.length - 1}
      COMP_LINE="${words.join(' ')}"; COMP_POINT=\${#COMP_LINE}
      _nlwire; printf '%s\\n' "\${COMPREPLY[@]}"`
    const env = { ...process.env, PATH: `${folder}${delimiter}${process.env.PATH}` }
    return spawnSync('bash', ['--norc', '-c', script], { encoding: 'utf8', env }).stdout.trim().split('\n')
  }

  it('bash completes commands, options and formats', function () {
    needs(this, spawnSync('bash', ['--version']).status === 0, 'there is no bash')
    const folder = mkdtempSync(join(tmpdir(), 'nlwire-completion-'))
    try {
      writeFileSync(join(folder, 'nlwire'), `#!/bin/sh\nexec '${process.execPath}' '${program}' "$@"\n`)
      chmodSync(join(folder, 'nlwire'), 0o755)
      expect(complete(folder, 'nlwire', 'dec')).to.deep.equal(['decode'])
      expect(complete(folder, 'nlwire', 'decode', '--from', 'p')).to.deep.equal(['pcap', 'pcapng'])
      expect(complete(folder, 'nlwire', 'decode', '--tr')).to.deep.equal(['--tree'])
    } finally {
      rmSync(folder, { recursive: true })
    }
  })

  for (const shell of ['bash', 'zsh', 'fish'])
    it(`a script for ${shell}`, () => {
      const { status, stdout, stderr } = nlwire(['completion', shell])
      expect([status, stderr]).to.deep.equal([0, ''])
      expect(stdout).to.contain('nlwire')
      const check = spawnSync(shell, ['-n'], { input: stdout, encoding: 'utf8' })
      if (!check.error) expect([check.status, check.stderr]).to.deep.equal([0, ''])
    })
})

describe('a reader that leaves', () => {
  for (const how of ['', '--json', '--tree'])
    it(`ends decode ${how} quietly`, () => {
      const many = Array(20).fill('fixtures/ipvlan/dump-all.nl').join(' ')
      const script = `{ '${process.execPath}' '${program}' decode ${how} ${many}; echo "status $?" >&2; } | head -1`
      const { stdout, stderr } = spawnSync('sh', ['-c', script], { cwd: root, encoding: 'utf8' })
      expect(stdout).to.match(/^.+\n$/)
      // With --json the command says on standard error what it takes its input for.
      expect(stderr.replaceAll(/^nlwire: .*: a .nl recording\n/gm, '')).to.equal('status 0\n')
    })
})
