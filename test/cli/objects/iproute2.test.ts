/** The same words as iproute2: what `ip` sent when the fixtures were recorded, and what nlwire would send for them. */
import { expect } from 'chai'
import type { ObjectName } from '../../../src/cli/objects/actions.js'
import { kindSynonyms } from '../../../src/cli/objects/grammar/synonyms.js'
import { type AnyMessageInput, decode, encode, type Message } from '../../../src/netlink/index.js'
import { kinds, route } from '../../../src/rtnl/index.js'
import { describeDifferences, differences, type Exchange } from '../../../src/testing/index.js'
import { type Fixture, recordings } from '../../support/fixtures.js'
import { sentFor } from './dry.js'

/** Commands that are not taken, with the reason. */
const leftOut: readonly (readonly [RegExp, string])[] = [
  [/ encap /, 'what wraps packets is bytes in the definitions'],
  [/ group 9$/, 'deletes all links of a group: the client deletes one'],
  [/ xdp off/, 'a program is attached by its descriptor'],
  [/ route append /, 'the client has no append'],
  [/ fibmatch /, 'the client asks for the route of a packet only'],
  [/ flush /, 'many commands in one'],
  [/type ipvlan$/, 'a mode is required: without one the kernel switches all siblings to l3'],
  [/if99/, 'ip takes if99 for an index'],
  [/netns list$/, 'a list of files, with an id for each'],
]

const objects: Readonly<Record<string, ObjectName>> = { link: 'link', addr: 'address', route: 'route', netns: 'netns' }

const messages: Readonly<Record<ObjectName, string>> = { link: 'LINK', address: 'ADDR', route: 'ROUTE', netns: 'NSID' }

interface Command {
  readonly object: ObjectName
  readonly words: readonly string[]
  readonly family: 'inet' | 'inet6' | undefined
  readonly text: string
}

/** The command of a fixture, if it is one of ip's that are taken. */
function commandOf({ recording }: Fixture): Command | undefined {
  const text = recording.notes.find((note) => note.startsWith('cmd: ip '))?.slice(5)
  if (text === undefined) return undefined
  const words = [...text.matchAll(/'([^']*)'|(\S+)/g)]
    .map(([, quoted, word]) => quoted ?? word!.replace('$PID', '1'))
    .slice(1)
  let family: Command['family']
  while (words[0]?.startsWith('-')) {
    const option = words.shift()
    if (option === '-4') family = 'inet'
    if (option === '-6') family = 'inet6'
    if (option === '-n') words.shift()
  }
  const object = objects[words.shift()!]
  return object && { object, words, family, text }
}

type Body = Record<string, unknown>

/** Indexes and descriptors are of the machine: only that they are there is compared. */
const numbers = new Set(['ifiIndex', 'link', 'master', 'oif', 'rtnhIfindex', 'ifaIndex', 'netNsFd', 'netNsPid', 'fd'])

/** A request in the form in which what is known to differ, and means the same, is gone. */
function meaning(bytes: Uint8Array): { readonly bytes: Uint8Array; readonly type: string } {
  const [message] = decode(route, bytes) as Message[]
  const { flags } = message!
  const body = settled(message!.body) as Body
  // ip changes links by NEWLINK always, and has dumps of its own size.
  const type = message!.type === 'RTM_SETLINK' ? 'RTM_NEWLINK' : String(message!.type)
  delete body.extMask
  if (body.ifiFamily === 'packet') body.ifiFamily = 'unspec'
  // And asks for the table that a route is from, which is told in any case.
  body.rtmFlags = Array.isArray(body.rtmFlags) ? body.rtmFlags.filter((flag) => flag !== 'lookupTable') : undefined
  if (type.endsWith('ROUTE')) {
    const table = body.table ?? (body.rtmTable === 'unspec' ? undefined : body.rtmTable)
    if (table !== undefined) body.table = table
    delete body.rtmTable
    if (body.rtmDstLen === 0) delete body.dst
    // IPv6 routes have no scope.
    if (body.rtmFamily === 'inet6') delete body.rtmScope
  }
  if (type.endsWith('ADDR')) {
    body.flags = [...((body.ifaFlags as string[]) ?? []), ...((body.flags as string[]) ?? [])].sort()
    delete body.ifaFlags
  }
  // ip always says which flags an ipvlan has, also when it has none.
  const data = (body.linkinfo as { data?: Body } | undefined)?.data
  if (Array.isArray(data?.flags) && data.flags.length === 0) delete data.flags
  // ip says of what the data of a port is in place of the kind; the kernel looks at neither.
  const info = body.linkinfo as { kind?: string; otherSlaveData?: Uint8Array } | undefined
  if (info?.otherSlaveData)
    body.linkinfo = { slaveKind: info.kind?.replace('_slave', ''), otherSlaveData: info.otherSlaveData }
  const input = { type, flags: flags.filter((flag) => flag !== 'echo'), body } as AnyMessageInput
  return { bytes: encode(route, [input]), type }
}

const isChange = (bytes: Uint8Array): boolean => !meaning(bytes).type.includes('GET')

const isDump = (bytes: Uint8Array): boolean => decode(route, bytes)[0]!.flags.includes('dump')

function settled(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(settled)
  if (typeof value !== 'object' || value === null || value instanceof Uint8Array) return value
  return Object.fromEntries(
    Object.entries(value).map(([name, one]) => [name, numbers.has(name) && one !== 0 ? 1 : settled(one)]),
  )
}

const sentIn = (exchanges: readonly Exchange[]) =>
  exchanges.flatMap((exchange) => (exchange.direction === 'sent' && 'bytes' in exchange ? [exchange.bytes] : []))

/** Whether nlwire has ip's words for the kind of link that a command is about; the kernel's own names do for the others. */
function isTranslated(words: readonly string[]): boolean {
  const kind = words[words.indexOf('type') + 1]
  if (!words.includes('type') || kind === undefined || !Object.hasOwn(kinds, kind)) return true
  const { list } = kinds[kind as keyof typeof kinds]
  return Object.hasOwn(kindSynonyms, kind) || list.length < 2
}

describe('nlwire takes the command lines of ip', () => {
  let taken = 0
  for (const fixture of recordings()) {
    const command = commandOf(fixture)
    if (!command || fixture.recording.byteOrder === 'big') continue
    if (fixture.recording.title.includes('changing bytes')) continue
    if (leftOut.some(([pattern]) => pattern.test(command.text)) || !isTranslated(command.words)) continue
    it(`${fixture.name}: ${command.text}`, async () => {
      const { object, words, family } = command
      const about = (bytes: Uint8Array) => meaning(bytes).type.includes(messages[object])
      // ip looks first whether the kernel is new enough, by messages of headers only.
      const theirs = sentIn(fixture.recording.exchanges).filter(about)
      const asked = theirs.filter((bytes) => !isChange(bytes))
      const main = theirs.findLast((bytes) => isChange(bytes) && bytes.length > 32) ?? asked.find(isDump) ?? asked[0]!
      const ours = (await sentFor(object, words, family)).filter(about)
      // Names are asked for as well, before or after.
      const found = ours
        .filter((bytes) => isChange(bytes) === isChange(main))
        .map((bytes) => describeDifferences(differences(route, 'little', meaning(main).bytes, meaning(bytes).bytes)))
        .sort((one, other) => one.length - other.length)
      expect(found[0]).to.deep.equal([])
      taken++
    })
  }

  it('what is left out is there', () => {
    const all = recordings().flatMap((fixture) => commandOf(fixture)?.text ?? [])
    for (const [pattern, reason] of leftOut)
      expect(
        all.some((text) => pattern.test(text)),
        reason,
      ).to.equal(true)
  })

  it('these are more than twenty-five', () => expect(taken).to.be.greaterThan(25))
})
