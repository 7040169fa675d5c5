/**
 * Values as JSON: 64-bit numbers as exact text, bytes as hex. Messages of a dump repeat most of what the one before
 * said, so the texts are remembered: to compare a value with the last one is much faster than to write it.
 */
import { isObject } from '../../netlink/bytes/equal.js'
import { toHex } from '../../netlink/index.js'
import { safeJson } from './escape.js'

type Members = Readonly<Record<string, unknown>>

/** The last object that stood in a place. */
export class JsonMemory {
  readonly #keys: string[] = []
  /** The values as they were; of an object, its own memory. */
  readonly #values: unknown[] = []
  /** Each member as text, `,"mtu":1500`; of an object, what is before it. */
  readonly #texts: string[] = []
  /** All of it; undefined while it changes with each object. */
  #text: string | undefined

  /** Takes the next object. @returns whether its text is another than that of the one before */
  take(object: Members): boolean {
    const keys = this.#keys
    const values = this.#values
    let count = 0
    let changed = false
    for (const key in object) {
      const value = object[key]
      if (value === undefined) continue
      const i = count++
      if (keys[i] !== key) this.#forget(i)
      else if (values[i] === value) continue
      const before = values[i]
      const inside = !isObject(value) ? undefined : before instanceof JsonMemory ? before : new JsonMemory()
      if (inside && !inside.take(value as Members) && inside === before) continue
      keys[i] = key
      values[i] = inside ?? value
      this.#texts[i] = `${i === 0 ? '{' : ','}${safeJson(key)}:${inside ? '' : jsonText(value)}`
      changed = true
    }
    if (count < keys.length) {
      this.#forget(count)
      changed = true
    }
    if (changed) this.#text = undefined
    else this.#text ??= this.toString()
    return changed
  }

  /** The object that was taken last, as JSON. */
  toString(): string {
    const parts: string[] = []
    this.#write(parts)
    return parts.join('')
  }

  #write(parts: string[]): void {
    if (this.#text !== undefined) {
      parts.push(this.#text)
      return
    }
    const texts = this.#texts
    for (let i = 0; i < texts.length; i++) {
      parts.push(texts[i]!)
      const value = this.#values[i]
      if (value instanceof JsonMemory) value.#write(parts)
    }
    parts.push(texts.length === 0 ? '{}' : '}')
  }

  #forget(from: number): void {
    this.#keys.length = this.#values.length = this.#texts.length = from
  }
}

/**
 * A value as JSON. Members that are undefined are left out.
 * @param memory of the object before it, for one of many objects that are alike
 */
export function jsonText(value: unknown, memory?: JsonMemory): string {
  switch (typeof value) {
    case 'string':
      return safeJson(value)
    case 'number':
    case 'boolean':
      return String(value)
    case 'bigint':
      return `"${value}"`
    case 'object':
      break
    default:
      return 'null'
  }
  if (value === null) return 'null'
  if (value instanceof Uint8Array) return `"${toHex(value)}"`
  if (Array.isArray(value)) return `[${value.map((one) => jsonText(one)).join(',')}]`
  if (memory) {
    memory.take(value as Members)
    return memory.toString()
  }
  let text = ''
  for (const key in value) {
    const one = (value as Members)[key]
    if (one !== undefined) text += `${text === '' ? '' : ','}${safeJson(key)}:${jsonText(one)}`
  }
  return `{${text}}`
}
