/** The layouts that a set was read in: which attributes, how long each, and so where everything is (see template.ts). */

import { align4, type Reader } from '../../bytes/bytes.js'
import { TYPE_MASK } from '../../bytes/nlattr.js'
import type { Attribute } from '../attribute.js'
import type { Member, Struct } from '../struct.js'
import { ObjectTemplate, type Part, reachOf, unitsOf } from './template.js'

/**
 * What is done with one attribute (`plain`: one value of its own type; `told`: what its selector reads came before it and
 * comes once); undefined for what is not wanted (`only`), null for what is not known.
 */
export type Step =
  | (Part & { readonly attribute: Attribute; readonly plain: boolean; readonly told: boolean })
  | null
  | undefined

/** Beyond these, which only hostile bytes have, objects are made the slow way. */
const MAX_ORDERS = 512
const MAX_LAYOUTS = 2048
/** No message that repeats itself has more attributes than this in one set. */
const MAX_STEPS = 128

/** The attributes in one order, whatever their lengths: all their objects have the same keys. */
interface Order {
  readonly steps: readonly Step[]
  /** What the template does not fill: the places in `steps` and in `header`. */
  readonly others: readonly number[]
  readonly otherHeader: readonly Member[]
  readonly header: readonly Member[]
  readonly template: ObjectTemplate
  /** The attribute that each unit of the template is, counted from 0; -1 for those of the header. */
  readonly units: readonly number[]
}

/** One order with one length for each attribute. Nothing in it changes, so reads may be nested in each other. */
export interface Layout extends Order {
  readonly length: number
  /** Where the attributes begin, counted from the beginning of the set, as all places. */
  readonly start: number
  /** The first four bytes of each attribute (length and number), and where it begins, counted from that of the set. */
  readonly words: Int32Array
  readonly at: Int32Array
  /** Where each unit of the template is. */
  readonly where: Int32Array
}

/** All layouts of one set, or of what `only` leaves of it, in one byte order. */
export class LayoutCache {
  readonly #byNumber: ReadonlyMap<number, Attribute>
  readonly #header: Struct | undefined
  readonly #only: ReadonlySet<string> | undefined
  readonly #members: readonly Member[]
  /** How many bytes comparing the header looks at. */
  readonly #reach: number
  readonly #orders = new Map<string, Order>()
  readonly #layouts = new Map<number, Layout>()
  #last: Layout | undefined

  constructor(
    byNumber: ReadonlyMap<number, Attribute>,
    header: Struct | undefined,
    only: ReadonlySet<string> | undefined,
  ) {
    this.#byNumber = byNumber
    this.#header = header
    this.#only = only
    this.#members = this.headerMembers(header?.size ?? 0)
    this.#reach = reachOf(unitsOf(this.#members))
  }

  /**
   * The layout of these bytes; undefined when there are too many, or the header is cut short, or zeros follow, or the
   * last word would have to be read beyond the end of the buffer, or a length cannot be right, or an attribute is too
   * short for its type.
   */
  of(r: Reader, at: number, start: number, end: number): Layout | undefined {
    if (at + align4(end - at) > r.bytes.length || at + this.#reach > r.bytes.length) return undefined
    const last = this.#last
    if (last !== undefined && matches(last, r, at, end)) return last
    if (end - at < (this.#header?.size ?? 0)) return undefined
    let hash = end - at
    let p = start
    while (end - p >= 4) {
      const length = r.view.getUint16(p, r.little)
      if (length < 4 || length > end - p) return undefined
      hash = (Math.imul(hash, 31) + r.view.getInt32(p, true)) | 0
      p += align4(length)
    }
    // Of two layouts with one hash the later one stays: a chain could be made long on purpose.
    const known = this.#layouts.get(hash)
    const layout = known && matches(known, r, at, end) ? known : this.#add(hash, r, at, start, end)
    if (layout !== undefined) this.#last = layout
    return layout
  }

  #add(hash: number, r: Reader, at: number, start: number, end: number): Layout | undefined {
    const places: number[] = []
    for (let p = start; end - p >= 4; p += align4(r.view.getUint16(p, r.little))) places.push(p)
    const numbers = places.map((p) => r.view.getUint16(p + 2, r.little) & TYPE_MASK)
    const order = this.#orderOf(numbers, r.little)
    if (order === undefined) return undefined
    const { steps, units } = order
    const lengths = places.map((p) => r.view.getUint16(p, r.little))
    for (const [i, step] of steps.entries()) {
      const size = lengths[i]! - 4
      if (step && size < step.type.minimum) return undefined
    }
    if (this.#layouts.size >= MAX_LAYOUTS) this.#layouts.clear()
    const layout: Layout = {
      ...order,
      length: end - at,
      start: start - at,
      words: Int32Array.from(places, (p) => r.view.getInt32(p, true)),
      at: Int32Array.from(places, (p) => p - at),
      where: Int32Array.from(units, (step, i) => (step < 0 ? order.template.where[i]! : places[step]! + 4 - at)),
    }
    this.#layouts.set(hash, layout)
    return layout
  }

  #orderOf(numbers: readonly number[], little: boolean): Order | undefined {
    const key = numbers.join()
    const known = this.#orders.get(key)
    if (known || this.#orders.size >= MAX_ORDERS || numbers.length > MAX_STEPS) return known
    const found = numbers.map((number) => this.step(number))
    const steps = found.map((step, i) => {
      if (!step) return step
      const by = step.attribute.selector?.by
      const told = by !== undefined && isSingle(found, by) && found.findIndex((one) => one?.name === by) < i
      // Of a key that comes twice, the template could not tell which of the two it holds.
      return { ...step, told, scalar: isSingle(found, step.name) ? step.scalar : 0 }
    })
    const header = this.#members
    const keys = new Set(header.map((member) => member.name))
    for (const step of steps) if (step !== undefined) keys.add(step === null ? 'unknown' : step.name)
    const mine = steps.map((part) => (part && part.scalar > 0 ? { at: 0, parts: [{ part, at: 0 }] } : undefined))
    const template = new ObjectTemplate(
      [...keys],
      [...unitsOf(header), ...mine.filter((unit) => unit !== undefined)],
      little,
    )
    const order = {
      steps,
      others: steps.map((step, i) => (step === undefined || (step && step.scalar > 0) ? -1 : i)).filter((i) => i >= 0),
      header,
      otherHeader: header.filter((member) => member.scalar === 0),
      template,
      units: template.units.map((unit) => mine.indexOf(unit as never)),
    }
    this.#orders.set(key, order)
    return order
  }

  /** The members of the header that are wanted, of those that `length` bytes hold. */
  headerMembers(length: number): readonly Member[] {
    const only = this.#only
    const members = this.#header?.within(length) ?? []
    return only === undefined ? members : members.filter((member) => only.has(member.name))
  }

  step(number: number): Step {
    const attribute = this.#byNumber.get(number)
    const only = this.#only
    if (!attribute) return only === undefined ? null : undefined
    if (only !== undefined && !only.has(attribute.name)) return undefined
    const plain = !attribute.selector && !attribute.repeated
    const scalar = plain ? (attribute.type.scalar ?? 0) : 0
    return { name: attribute.name, type: attribute.type, scalar, attribute, plain, told: false }
  }
}

/** Whether a key comes once. */
const isSingle = (steps: readonly Step[], name: string): boolean =>
  steps.filter((one) => one?.name === name).length === 1

/** Whether these bytes have the same attributes of the same lengths. */
function matches({ length, words, at: places }: Layout, r: Reader, at: number, end: number): boolean {
  if (length !== end - at) return false
  const { view } = r
  for (let i = 0; i < words.length; i++) if (view.getInt32(at + places[i]!, true) !== words[i]) return false
  return true
}

/** An object of a layout, with its keys in the order of the wire although some attributes stand under another key than the layout's. */
export function reordered(
  value: Record<string, unknown>,
  { header, steps }: Layout,
  elsewhere: ReadonlyMap<number, string>,
): Record<string, unknown> {
  const result: Record<string, unknown> = {}
  for (const { name } of header) result[name] = value[name]
  for (const [i, step] of steps.entries()) {
    const key = elsewhere.get(i) ?? (step === null ? 'unknown' : step?.name)
    if (key !== undefined && key in value) result[key] = value[key]
  }
  return result
}
