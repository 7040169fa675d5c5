/** The usage of the objects: their grammar, and from the definitions every attribute with what it accepts. */
import { AttributeSet, units } from '../../netlink/index.js'
import type { AnyType } from '../../netlink/schema/type.js'
import type { Required } from '../../netlink/schema/types/required.js'
import { wrap } from '../output/wrap.js'
import { addressWords } from './address/command.js'
import type { Dictionary } from './grammar/dictionary.js'
import { typeOf } from './grammar/value.js'
import { snake } from './grammar/words.js'
import { isLink, kindNames, kindWords, linkWords } from './link/words.js'
import { routeMetricWords, routeWords } from './route/words.js'

const grammar: Readonly<Record<string, readonly string[]>> = {
  link: [
    '[show] [[dev] NAME] [master NAME] [type KIND] [up]',
    'add [link PARENT] [name] NAME [ATTRIBUTE ...] type KIND [ATTRIBUTE ...]',
    'replace [link PARENT] [name] NAME [ATTRIBUTE ...] type KIND [ATTRIBUTE ...]',
    'set [dev] NAME [ATTRIBUTE ...] [type KIND ATTRIBUTE ...]',
    'delete [dev] NAME',
    'property add | delete dev NAME altname NAME[,NAME ...]',
    'help [KIND]',
  ],
  address: [
    '[show] [[dev] NAME] [up]',
    'add | change | replace ADDRESS[/LENGTH] dev NAME [peer ADDRESS[/LENGTH]] [broadcast ADDRESS | + | -] [ATTRIBUTE ...]',
    'delete ADDRESS[/LENGTH] dev NAME [peer ADDRESS[/LENGTH]]',
  ],
  route: [
    '[show] [PREFIX] [table TABLE | all] [dev NAME] [proto PROTOCOL] [type TYPE] [scope SCOPE]',
    'add | change | replace | delete [TYPE] PREFIX | default [via [inet | inet6] ADDRESS] [dev NAME] [from PREFIX] [ATTRIBUTE ...] [nexthop [via ADDRESS] [dev NAME] [weight 1..256] [onlink]] ...',
    'get ADDRESS [from ADDRESS]',
  ],
  netns: ['[list]', 'add NAME', 'delete NAME', 'list-id', 'set NAME ID | auto', 'exec NAME COMMAND [ARGUMENT ...]'],
}

/** What stands before the attributes: those that the client takes by other values than the kernel. */
const named: Readonly<Record<string, string>> = {
  link: 'the parent, by its name',
  master: 'the bridge, bond or vrf that it is a port of, by its name; nomaster takes it out',
  netns: "the namespace that it is made in or moved to: a name, a path, or a process's number",
}

/** Names stand for numbers: table 100. */
const attributes = (whose = '') => `Attributes${whose} (numbers will do for names):`

/**
 * The usage of an object, or of a kind of link.
 * @param width how many columns a line may have
 * @example usageLines('link', 'ipvlan', 80)
 */
export function usageLines(object: string, kind: string | undefined, width: number): string[] {
  const fit = (line: string, indent: number) => wrapped(line, indent, width)
  const entries = (dictionary: Dictionary, without: readonly string[] = []) =>
    attributeLines(dictionary, without, width)
  const words = kind === undefined ? undefined : kindWords(kind)
  if (words) {
    const [verb, own] = kind!.endsWith('_slave')
      ? ['set [dev] NAME', kind!]
      : ['add [link PARENT] NAME [ATTRIBUTE ...]', kind!]
    return [...fit(`nlwire link ${verb} type ${own} [ATTRIBUTE ...]`, 4), '', ...entries(words)]
  }
  const lines = (grammar[object] ?? []).flatMap((line) => fit(`nlwire ${object} ${line}`, 4))
  if (object === 'link') {
    const hidden = ['family', 'type', 'change', 'flags', ...Object.keys(named)]
    const own = Object.entries(named).flatMap(([name, text]) => entryLines(name, text, width))
    const kinds = [...fit(`Kinds: ${kindNames.join(', ')}. For the attributes of one: nlwire link help KIND`, 2)]
    return [...lines, '', ...kinds, '', attributes(' of every link'), ...own, ...entries(linkWords, hidden)]
  }
  if (object === 'address')
    return [...lines, '', attributes(), ...entries(addressWords, ['index', 'family', 'prefixlen', 'address', 'local'])]
  if (object !== 'route') return lines
  const route = entries(routeWords, ['family', 'dst_len', 'src_len', 'dst', 'metrics'])
  return [...lines, '', attributes(), ...route, 'Metrics, each NAME [lock] VALUE:', ...entries(routeMetricWords)]
}

function attributeLines(dictionary: Dictionary, without: readonly string[], width: number): string[] {
  const lines: string[] = []
  for (const { name, type, others } of dictionary.values()) {
    if (without.includes(name) || name === 'pad') continue
    const counted = type.unit === undefined ? '' : `, in ${units[type.unit].text}`
    const once = type.access === 'create-only' ? ' (only for a new one)' : ''
    const required = (type as Partial<Required>).required ? ' (required)' : ''
    const also = others.length === 0 ? '' : `; also ${others.join(', ')}`
    lines.push(...entryLines(name, `${accepted(type)}${counted}${required}${once}${also}`, width))
  }
  const { switches } = dictionary
  if (switches.length > 0) lines.push(...wrapped(`  each on or off: ${switches.join(', ')}`, 4, width))
  return lines
}

const COLUMN = 26

function entryLines(name: string, text: string, width: number): string[] {
  return wrapped(`  ${name.padEnd(COLUMN - 4)}  ${text}`.trimEnd(), COLUMN, width)
}

/** A line as several, each but the first indented, where it is too long. A word that is longer than a line stays whole. */
const wrapped = (line: string, indent: number, width: number): string[] =>
  wrap(line, width, { hang: ' '.repeat(indent - /^ */.exec(line)![0].length), whole: true })

/** How a value is written, where its kind says it all. */
const forms: Partial<Readonly<Record<AnyType['kind'], string>>> = {
  ...{ flag: '', bool: 'on | off', bytes: 'HEX', string: 'TEXT', mac: 'MAC', address: 'ADDRESS' },
}
/** How text with a meaning of its own is written. */
const notations: Readonly<Record<string, string>> = { 'mpls-labels': 'LABEL[/LABEL ...]' }

/** So many members of a struct or nest are named. */
const SHOWN = 5

/** What a type accepts on the command line. */
function accepted(given: AnyType): string {
  const type = typeOf(given)
  const { values, min, max, items } = type
  if (values) return Object.keys(values).map(snake).join(' | ')
  const form = type.meaning === 'ifname' ? 'NAME' : forms[type.kind]
  if (form !== undefined) return form
  if (type.meaning === 'ifindex') return 'NAME or index of a link'
  if (min !== undefined) return `${min}..${max}`
  if (items) return listOf(items)
  if (isLink(type)) return 'NAME [ATTRIBUTE ...] of a link, up to the end'
  const inside = insideOf(type)
  if (inside.length === 0) return notations[type.name] ?? 'JSON'
  const names = inside.slice(0, SHOWN)
  return `{ ${[...names, ...(inside.length > SHOWN ? ['...'] : [])].join(', ')} } as JSON`
}

/** The names of what is inside: of the members of a struct, or of the header and the attributes of a nest. */
const insideOf = (type: AnyType): string[] =>
  [
    ...Object.keys(type.members ?? {}),
    ...(type instanceof AttributeSet ? type.list.map(({ name }) => name) : []),
  ].filter((name) => !name.startsWith('_') && name !== 'pad')

/** Items with commas, numbers together with colons (FROM:TO), and what has other members as one list. */
function listOf(item: AnyType): string {
  if (item.kind === 'struct' && Object.values(item.members ?? {}).every(({ kind }) => kind === 'integer'))
    return `${insideOf(item)
      .map((name) => name.toUpperCase())
      .join(':')}[,...]`
  const text = accepted(item)
  return text.endsWith(' as JSON') ? `[${text.replace(' as JSON', ', ...] as JSON')}` : `${text}[,...]`
}
