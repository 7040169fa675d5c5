/** What is shown of a kind's data can be pasted into a shell, and says all that the data says. */
import { execFileSync } from 'node:child_process'
import { expect } from 'chai'
import fc from 'fast-check'
import { encodeJson } from '../../../src/cli/json/from-json.js'
import { snake } from '../../../src/cli/objects/grammar/words.js'
import { words } from '../../../src/cli/objects/show/words.js'
import { type AttributeSet, attributes, encode, flagsOf, nulString, ownFlags, u8 } from '../../../src/netlink/index.js'
import { kinds, route, slaveKinds } from '../../../src/rtnl/index.js'
import { special } from '../../rtnl/arbitrary.js'
import { arbitrary } from '../../support/arbitrary.js'
import { sample } from '../../support/sample.js'

/** The words of each line, as a real shell takes it apart. */
function throughShell(lines: readonly string[]): string[][] {
  const script = lines.map((line) => `set -- ${line}\nfor w; do printf '%s\\0' "$w"; done; printf '\\n\\0'`).join('\n')
  const text = execFileSync('sh', { input: script, encoding: 'utf8', maxBuffer: 1 << 28 })
  return text.split('\n\0').map((line) => line.split('\0').slice(0, -1))
}

/** Words as the JSON that `nlwire encode` takes, by the definitions. */
function parsed(list: readonly string[], set: AttributeSet): Record<string, unknown> {
  const value: Record<string, unknown> = {}
  const flags = set.attribute('flags')?.type as { values?: object } | undefined
  for (let i = 0; i < list.length; ) {
    const name = list[i++]!
    const attribute = set.list.find((one) => snake(one.name) === name)
    if (attribute === undefined && flags?.values && name in flags.values)
      value.flags = [...((value.flags as string[] | undefined) ?? []), name]
    else value[attribute?.name ?? name] = plainValue(list[i++]!, attribute?.type)
  }
  return value
}

function plainValue(word: string, type: AttributeSet['list'][number]['type'] | undefined): unknown {
  if (/^[[{]/.test(word)) return JSON.parse(word)
  if (type?.kind === 'flags') return word.split(',').map((flag) => (/^\d/.test(flag) ? Number(flag) : flag))
  if (type?.kind === 'bool' && (word === 'on' || word === 'off')) return word === 'on' ? 1 : 0
  const problems = (value: unknown) => {
    const issues: never[] = []
    type?.check(value, '', issues, undefined)
    return issues.length
  }
  return [word, Number(word), word === 'true'].find((one) => problems(one) === 0) ?? word
}

/** What words leave out: padding, and flags of which none is set. */
const told = (data: object) =>
  Object.fromEntries(
    Object.entries(data).filter(([name, one]) => name !== 'pad' && !(name === 'flags' && one.length === 0)),
  )

const inLink = (linkinfo: object) =>
  ({ type: 'RTM_NEWLINK', flags: ['request'], seq: 1, pid: 0, body: { linkinfo } }) as const

describe('the words of a kind', () => {
  const cases: [string, string, Readonly<Record<string, AttributeSet>>][] = [
    ['kind', 'data', kinds],
    ['slaveKind', 'slaveData', slaveKinds],
  ]
  for (const [by, member, sets] of cases)
    for (const [kind, set] of Object.entries(sets)) {
      // The kernel never tells the data of a veth back.
      if (kind === 'veth') continue
      it(`${member} of ${kind}: a shell and a parser get the same bytes from them`, () => {
        const samples = fc.sample(arbitrary(set.describe(), special) as fc.Arbitrary<object>, 50)
        const back = throughShell(samples.map((data) => words(data, set).join(' ')))
        for (const [i, data] of samples.entries()) {
          const expected = encode(route, [inLink({ [by]: kind, [member]: told(data) }) as never])
          const json = inLink({ [by]: kind, [member]: parsed(back[i]!, set) })
          expect(encodeJson(json, kind).bytes, words(data, set).join(' ')).to.deep.equal(expected)
        }
      })
    }

  it('has flags by themselves, other flags after their name, bits without a name as a number', () => {
    const set = attributes('X', {
      flags: [1, ownFlags(flagsOf(u8, { a: 1, b: 2 }))],
      txMode: [2, flagsOf(u8, { c: 1, d: 2 })],
    })
    expect(words({ flags: ['a', 'b'], txMode: ['c', 'd'] }, set)).to.deep.equal(['a', 'b', 'tx_mode', 'c,d'])
    expect(words({ flags: ['a', 4], txMode: [8] }, set)).to.deep.equal(['flags', 'a,0x4', 'tx_mode', '0x8'])
    expect(words({ flags: [], txMode: [] }, set)).to.deep.equal(['tx_mode', 'none'])
  })

  it('has every type in a word', () => {
    const value = {
      u64: 2n ** 64n - 1n,
      flag: true,
      bytes: Uint8Array.of(1, 0xab),
      mode: 'l3',
      point: { x: 1, y: -2 },
      numbers: [1, 2],
      unknown: [{ type: 99, data: Uint8Array.of(5) }],
      name: undefined,
    }
    expect(words(value, sample).join(' ')).to.equal(
      `u64 18446744073709551615 flag true bytes 01ab mode l3 point '{"x":1,"y":-2}' numbers '[1,2]' ` +
        `unknown '[{"type":99,"data":"05"}]'`,
    )
  })

  it('lets no text drive the terminal or the shell', () => {
    const set = attributes('X', { name: [1, nulString()] })
    const texts = ['$(reboot)', `a'b`, '', 'two words', '`x`', '*', '--help', 'a\\b', '{a,b}', '~', '#', 'ü']
    const shell = throughShell(texts.map((name) => words({ name }, set).join(' ')))
    for (const [i, text] of texts.entries()) expect(shell[i]).to.deep.equal(['name', text])
    const controls = ['\u001b[31m', '\n; reboot', '\u009b2J', '\udc9b', '\u202e']
    expect(controls.map((name) => words({ name }, set)[1])).to.deep.equal(
      ['\\u001b[31m', '\\u000a; reboot', '\\u009b2J', '\\udc9b', '\\u202e'].map((text) => `'${text}'`),
    )
  })
})
