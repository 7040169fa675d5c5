/** The attributes of a link on the command line: of its own, of its kind, and of the other end of a pair. */
import { AttributeSet } from '../../../netlink/index.js'
import { ifinfomsg, kinds, linkMessage, slaveKinds } from '../../../rtnl/index.js'
import { Dictionary } from '../grammar/dictionary.js'
import { setOnce } from '../grammar/slot.js'
import { kindSynonyms, linkSynonyms, slaveSynonyms } from '../grammar/synonyms.js'
import type { Words } from '../grammar/words.js'

type Values = Record<string, unknown>

/** What the words say about a link: what the client takes, and what has to be opened first. */
export interface LinkWords {
  readonly link: Values
  /** The other end of a pair, where that is to be in a namespace. */
  peer?: { readonly netns: string; readonly link: Values }
}

/** The words for the attributes of every link. */
export const linkWords = new Dictionary(linkMessage, linkSynonyms)
const linkNames: readonly string[] = [...linkWords.names, 'link', 'master', 'nomaster', 'netns', 'type']

/**
 * Takes words about a link, up to the end.
 * @param name the member that a word without a name before it is: once
 */
export function takeLink(words: Words, name: 'ifname' | 'dev'): LinkWords {
  const found: LinkWords = { link: {} }
  const { link } = found
  while (!words.done) {
    if (words.take('dev')) setOnce(words, link, name, words.next('a name after dev'))
    else if (words.take('link')) setOnce(words, link, 'link', words.next('the parent after link'))
    else if (words.take('nomaster')) setOnce(words, link, 'master', 0)
    else if (words.take('master')) setOnce(words, link, 'master', words.next('a name after master'))
    else if (words.take('netns')) setOnce(words, link, 'netns', words.next('a namespace after netns'))
    else if (words.take('type')) {
      link.linkinfo = takeKind(words, found)
      return found
    } else if (linkWords.take(words, link, link[name] !== undefined)) continue
    else if (link[name] === undefined) link[name] = words.next('a name')
    else throw words.unknown(words.peek()!, linkNames)
  }
  words.offer(linkNames)
  return found
}

/** The kinds that are known, with the words for their attributes; `bridge_slave` is a port of a bridge. */
const dictionaries = new Map<
  string,
  { readonly set: AttributeSet; readonly words: Dictionary; readonly slave: boolean }
>()
for (const [kind, set] of Object.entries(kinds))
  dictionaries.set(kind, { set, words: new Dictionary(set, kindSynonyms[kind]), slave: false })
for (const [kind, set] of Object.entries(slaveKinds))
  dictionaries.set(`${kind}_slave`, { set, words: new Dictionary(set, slaveSynonyms[kind]), slave: true })

/** The names of all kinds that have words of their own. */
export const kindNames: readonly string[] = [...dictionaries.keys()]
/** The words for the attributes of a kind. */
export const kindWords = (kind: string): Dictionary | undefined => dictionaries.get(kind)?.words

/** Takes a kind and all words about it, up to the end. */
function takeKind(words: Words, found: LinkWords): Values {
  words.offer(kindNames)
  const kind = words.next('a kind after type')
  const known = dictionaries.get(kind)
  if (!known) {
    if (words.done) return { kind }
    throw words.wrong(`nlwire does not know the attributes of the kind "${kind}": of ${kindNames.join(', ')} it does`)
  }
  const data: Values = {}
  while (!words.done) {
    const peer = known.set.list.find(({ name, type }) => name === words.peek() && isLink(type))
    if (peer) {
      words.next(peer.name)
      data[peer.name] = takePeer(words, found)
    } else if (!known.words.take(words, data)) {
      const word = words.peek()!
      if (linkWords.slot(word) || linkNames.includes(word))
        throw words.wrong(`"${word}" is no attribute of ${kind}: what belongs to any link comes before type`)
      throw words.unknown(word, known.words.names)
    }
  }
  words.offer(known.words.names)
  if (known.slave) return { slaveKind: kind.replace(/_slave$/, ''), slaveData: data }
  return Object.keys(data).length > 0 ? { kind, data } : { kind }
}

export const isLink = (type: unknown): boolean => type instanceof AttributeSet && type.header === ifinfomsg

/** The other end of a pair: a link with words of its own, up to the end. */
function takePeer(words: Words, found: LinkWords): Values {
  const link: Values = {}
  while (!words.done) {
    if (words.take('netns')) found.peer = { netns: words.next('a namespace after netns'), link }
    else if (linkWords.take(words, link, link.ifname !== undefined)) continue
    else if (link.ifname === undefined) link.ifname = words.next('a name')
    else throw words.unknown(words.peek()!, linkWords.names)
  }
  words.offer(linkWords.names)
  return link
}
