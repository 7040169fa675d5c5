/** The orders of attributes that a set was read in, each with a mold for its objects (see shapes.ts). */
import type { Attribute } from './attributes.js'
import type { Reader } from './bytes.js'
import { endOfAttributes, payloadTooShort, TYPE_MASK } from './nlattr.js'
import { Mold, type Part, reachOf, type Unit, unitsOf } from './shapes.js'
import type { Member, Struct } from './struct.js'

/** What is done with one attribute of a shape (`plain`: one value of its own type); undefined for what is not wanted (`only`), null for what is not known. */
export type Step = (Part & { readonly attribute: Attribute; readonly plain: boolean }) | null | undefined

/** Beyond this many orders, which only hostile bytes have, objects are made the slow way. */
const MAX_SHAPES = 512
/** No message that repeats itself has more attributes than this in one set. */
const MAX_STEPS = 128

/**
 * A node of the tree of shapes: the attributes of messages come in few orders, so each order that was seen has a mold
 * of its object. It remembers the lengths in the last message as well: the next one is mostly the same in that, too,
 * and then one comparison for each attribute says where everything is.
 */
export class Shape {
  readonly number: number
  readonly steps: readonly Step[]
  readonly header: readonly Member[]
  child: Shape | undefined
  next: Shape | undefined
  /** What the mold does not fill: the places in `steps` and in `header`. */
  readonly others: readonly number[]
  readonly otherHeader: readonly Member[]
  /** Where each attribute begins, counted from the beginning of the set. */
  readonly at: Int32Array
  /** The first four bytes of each: length and number. */
  readonly #words: Int32Array
  /** The length of the whole set; -1 before the first. */
  #length = -1
  /** See isInOrder. */
  #inOrder = false
  /**
   * Whether the last bytes are what encoding their value gives, as far as order, lengths and the headers of numbers
   * say: not the header of the set, nor `others`, nor `paddings`. See canonical.ts.
   */
  regular = false
  /** Where padding begins, counted from the beginning of the set; it ends at the next multiple of four. */
  readonly paddings: number[] = []
  /** Made when the shape first learns: of the orders on the way to a whole message none ever comes alone. */
  mold: Mold | undefined
  /** The number in the mold of each attribute that it fills, -1 for the others. */
  #units: Int32Array | undefined

  constructor(number: number, steps: readonly Step[], header: readonly Member[]) {
    this.number = number
    this.steps = steps
    this.header = header
    this.otherHeader = header.filter((member) => member.scalar === 0)
    this.others = steps
      .map((step, i) => (step === undefined || (step && step.scalar > 0) ? -1 : i))
      .filter((i) => i >= 0)
    this.at = new Int32Array(steps.length)
    this.#words = new Int32Array(steps.length)
  }

  #makeMold(little: boolean): Mold {
    const { header, steps } = this
    const keys = new Set(header.map((member) => member.name))
    for (const step of steps) if (step !== undefined) keys.add(step === null ? 'unknown' : step.name)
    const units: (Unit | undefined)[] = steps.map((part) =>
      part && part.scalar > 0 ? { at: 0, parts: [{ part, at: 0 }] } : undefined,
    )
    const mold = new Mold([...keys], [...unitsOf(header), ...units.filter((unit) => unit !== undefined)], little)
    this.#units = Int32Array.from(units, (unit) => (unit ? mold.indexOf(unit) : -1))
    return mold
  }

  /** Whether these bytes have the same attributes of the same lengths as those before. */
  matches(r: Reader, at: number, end: number): boolean {
    if (this.#length !== end - at) return false
    const { view } = r
    const words = this.#words
    const places = this.at
    for (let i = 0; i < words.length; i++) if (view.getInt32(at + places[i]!, true) !== words[i]) return false
    return true
  }

  /** Remembers where everything is in bytes of this shape. @throws Malformed when an attribute is too short */
  learn(r: Reader, at: number, start: number, end: number): void {
    this.#length = -1
    if (!this.mold) {
      this.mold = this.#makeMold(r.little)
      this.#inOrder = isInOrder(this.steps)
    }
    this.regular = this.#inOrder
    this.paddings.length = 0
    let p = start
    for (const [i, step] of this.steps.entries()) {
      const length = r.view.getUint16(p, r.little)
      if (step && length - 4 < step.type.minimum) throw payloadTooShort(p, step.type, length - 4)
      this.#words[i] = r.view.getInt32(p, true)
      this.at[i] = p - at
      const unit = this.#units![i]!
      if (unit >= 0) {
        this.mold.place(unit, p + 4 - at)
        const usual = length - 4 === step!.scalar && r.view.getUint16(p + 2, r.little) === step!.attribute.number
        this.regular &&= usual
      }
      if (length % 4 !== 0) this.paddings.push(p + length - at)
      p += (length + 3) & ~3
    }
    this.regular &&= p === end
    // Zeros after the last attribute may be one in the next message.
    if (end - p < 4) this.#length = end - at
  }
}

/** Whether no key comes again after another one, or comes twice and is no list: its values are written together. */
const isInOrder = (steps: readonly Step[]): boolean =>
  steps.every((step, i) => {
    const first = steps.findIndex((one) => one?.name === step?.name)
    return first === i || (steps[i - 1]?.name === step?.name && step?.attribute.repeated !== false)
  })

/** All shapes of one set, or of what `only` leaves of it. */
export class ShapeTree {
  readonly #byNumber: ReadonlyMap<number, Attribute>
  readonly #header: Struct | undefined
  readonly #only: ReadonlySet<string> | undefined
  readonly #headerSize: number
  /** How many bytes comparing the header looks at. */
  readonly #reach: number
  readonly #little: Shape
  readonly #big: Shape
  /** The shape of the last message, in either byte order. */
  #lastLittle: Shape
  #lastBig: Shape
  #count = 2

  constructor(
    byNumber: ReadonlyMap<number, Attribute>,
    header: Struct | undefined,
    only: ReadonlySet<string> | undefined,
  ) {
    this.#byNumber = byNumber
    this.#header = header
    this.#only = only
    this.#headerSize = header?.size ?? 0
    this.#reach = reachOf(unitsOf(this.headerMembers(this.#headerSize)))
    this.#little = this.#lastLittle = this.#shape(0, [])
    this.#big = this.#lastBig = this.#shape(0, [])
  }

  /**
   * The shape of these bytes, which has learned where everything is in them; undefined when there are too many, or the
   * header is cut short, or the last word would have to be read beyond the end of the buffer.
   * @throws Malformed
   */
  of(r: Reader, at: number, start: number, end: number): Shape | undefined {
    const { little } = r
    const last = little ? this.#lastLittle : this.#lastBig
    if (at + ((end - at + 3) & ~3) > r.bytes.length || at + this.#reach > r.bytes.length) return undefined
    if (last.matches(r, at, end)) return last
    if (end - at < this.#headerSize) return undefined
    let shape = little ? this.#little : this.#big
    for (let p = start; end - p >= 4; ) {
      const length = r.view.getUint16(p, little)
      if (length < 4 || length > end - p) {
        endOfAttributes(r, p, length, end)
        break
      }
      const next = this.#after(shape, r.view.getUint16(p + 2, little) & TYPE_MASK)
      if (next === undefined) return undefined
      shape = next
      p += (length + 3) & ~3
    }
    shape.learn(r, at, start, end)
    if (little) this.#lastLittle = shape
    else this.#lastBig = shape
    return shape
  }

  /** The shape with one more attribute, undefined when there are too many. */
  #after(shape: Shape, number: number): Shape | undefined {
    let next = shape.child
    while (next !== undefined && next.number !== number) next = next.next
    return next ?? this.#grow(shape, number)
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
    if (!attribute) return only === undefined || only.has('unknown') ? null : undefined
    if (only !== undefined && !only.has(attribute.name)) return undefined
    const plain = !attribute.selector && !attribute.repeated
    const scalar = plain ? (attribute.type.scalar ?? 0) : 0
    return { name: attribute.name, type: attribute.type, scalar, attribute, plain }
  }

  #shape(number: number, steps: readonly Step[]): Shape {
    return new Shape(number, steps, this.headerMembers(this.#headerSize))
  }

  #grow(shape: Shape, number: number): Shape | undefined {
    if (this.#count >= MAX_SHAPES || shape.steps.length >= MAX_STEPS) return undefined
    this.#count++
    const step = this.step(number)
    // Of a key that comes twice, the mold could not tell which of the two it holds.
    const twice = step && shape.steps.some((one) => one?.name === step.name)
    const unscaled = (one: Step): Step => (twice && one?.name === step.name ? { ...one, scalar: 0 } : one)
    const added = this.#shape(number, [...shape.steps, step].map(unscaled))
    added.next = shape.child
    shape.child = added
    return added
  }
}
