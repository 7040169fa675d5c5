/** What a word of the command line stands for in a definition, and how the words after it are taken. */
import type { AnyType } from '../../../netlink/schema/type.js'
import { isFlag, isList, namesOf, readingOf, switchOf } from './value.js'
import type { Words } from './words.js'

type Values = Record<string, unknown>

/** What a word stands for. Paths lead from the object that is filled. */
export type WordSlot =
  /** NAME VALUE. */
  | { readonly is: 'value'; readonly path: readonly string[]; readonly type: AnyType; readonly repeated: boolean }
  /** NAME [on | off], of two members of which one says which bits of the other are meant. */
  | {
      readonly is: 'switch'
      readonly owner: readonly string[]
      readonly value: string
      readonly mask: string
      readonly flag: string
      readonly inverse: boolean
    }
  /** NAME, of a list of flags. */
  | { readonly is: 'flag'; readonly path: readonly string[]; readonly flag: string }

/**
 * Takes a name, and the words that belong to it, into an object.
 * @throws Failure for a value that the definition does not accept
 */
export function takeSlot(words: Words, slot: WordSlot, into: Values): void {
  const name = words.next('a name')
  if (slot.is === 'value') takeValue(words, name, slot, into)
  else if (slot.is === 'flag') addTo(at(into, slot.path.slice(0, -1)), slot.path.at(-1)!, slot.flag)
  else takeSwitch(words, slot, into)
}

/** The object at a path, made where it is not there yet. */
function at(into: Values, path: readonly string[]): Values {
  let object = into
  for (const name of path) {
    object[name] ??= {}
    object = object[name] as Values
  }
  return object
}

function addTo(object: Values, name: string, ...items: readonly unknown[]): void {
  object[name] = [...((object[name] as unknown[] | undefined) ?? []), ...items]
}

/** Sets a member that can be given once. @throws Failure for a second value */
export function setOnce(words: Words, object: Values, name: string, value: unknown): void {
  if (object[name] !== undefined) throw words.wrong(`${name} is given twice`)
  object[name] = value
}

function takeValue(words: Words, name: string, slot: WordSlot & { is: 'value' }, into: Values): void {
  const { path, type, repeated } = slot
  const owner = at(into, path.slice(0, -1))
  const key = path.at(-1)!
  if (isFlag(type) && switchOf(words.peek()) === undefined) {
    owner[key] = true
    return
  }
  words.offer(namesOf(type))
  const word = words.next(`the value of ${name}`)
  const value = (text: string): unknown => {
    const found = readingOf(type, text, into)
    if ('problem' in found) throw words.wrong(`${name} "${text}": ${found.problem}`)
    return found.value
  }
  if (repeated) {
    for (const item of word.split(',')) addTo(owner, key, value(item))
    return
  }
  setOnce(words, owner, key, value(word))
  if (!isList(type)) return
  // Further items may follow as words of their own: no name has a colon.
  while (words.peek()?.includes(':')) addTo(owner, key, ...(value(words.next('an item')) as unknown[]))
}

function takeSwitch(words: Words, slot: WordSlot & { is: 'switch' }, into: Values): void {
  words.offer(['on', 'off'])
  const said = switchOf(words.peek())
  if (said !== undefined) words.next('on or off')
  const on = (said ?? true) !== slot.inverse
  const object = at(into, slot.owner)
  const flags = ((object[slot.value] as string[] | undefined) ?? []).filter((flag) => flag !== slot.flag)
  object[slot.value] = on ? [...flags, slot.flag] : flags
  const mask = (object[slot.mask] as string[] | undefined) ?? []
  object[slot.mask] = mask.includes(slot.flag) ? mask : [...mask, slot.flag]
}
