/** The command as a process: on a terminal, completed by a shell, with a reader that leaves, with a full disk. */
import { spawnSync } from 'node:child_process'
import { chmodSync, existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { expect } from 'chai'
import { runScript, src } from '../support/child.js'
import { root } from '../support/fixtures.js'
import { needs } from '../support/layers.js'
import { nlwire, onScreen } from './run.js'
import { onTerminal, program, pseudoTerminal, spawned } from './spawned.js'

describe('a real terminal', () => {
  before(function () {
    needs(this, pseudoTerminal)
  })

  it('has colours and the columns that it has, as a terminal of the tests has them', async () => {
    for (const columns of [80, 160]) {
      const args = ['decode', 'fixtures/error/ipvlan-wrong-mode.nl']
      expect(onTerminal(columns, args).screen).to.equal((await onScreen(columns, args)).screen)
      expect(onTerminal(columns, args, { TERM: 'dumb' }).screen).not.to.contain('\u001b[')
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
    it(`a script for ${shell}`, async () => {
      const { status, stdout, stderr } = await nlwire(['completion', shell])
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

describe('as a process', () => {
  it('the exit status and both outputs are those of a run within a process', async () => {
    for (const [args, input] of [
      [['--version'], ''],
      [['--help'], ''],
      [['decode', '--nope'], ''],
      [['decode', '--json', 'fixtures/error/ipvlan-wrong-mode.nl'], ''],
      [['decode', '-'], 'this is nothing'],
      [['encode', '--to', 'nl'], '{"type":"RTM_GETLINK","body":{}}'],
      [['link', 'show', '--replay', 'nosuch'], ''],
    ] as const)
      expect(spawned(args, input), args.join(' ')).to.deep.equal(await nlwire(args, input))
  })

  it('an output that is full: one sentence, and the exit status 2', function () {
    needs(this, existsSync('/dev/full'), 'there is no /dev/full')
    const script = `'${process.execPath}' '${program}' decode fixtures/ipvlan/dump-all.nl > /dev/full`
    const { status, stderr } = spawnSync('sh', ['-c', script], { cwd: root, encoding: 'utf8' })
    expect([status, stderr]).to.deep.equal([2, 'nlwire: the output cannot be written (ENOSPC)\n'])
  })

  it('a run within a process ends when its output cannot be written, and ends nothing else', async () => {
    const script = (code: string) => `
      import { Writable } from 'node:stream'
      import { perform } from '${src('cli/perform.js')}'
      const stdout = new Writable({ write: (chunk, encoding, done) => done(Object.assign(new Error('no'), { code: '${code}' })) })
      const { status, left } = await perform(['--version'], { stdin: process.stdin, stdout, stderr: process.stderr, env: {} })
      console.log(status, left)`
    expect(await runScript(script('EPIPE'))).to.include({ status: 0, stdout: '0 true\n', stderr: '' })
    expect(await runScript(script('ENOSPC'))).to.include({ stdout: '2 true\n' })
  })
})
