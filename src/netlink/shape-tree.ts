/** The orders of attributes that a set was read in, each with a mold for its objects (see shapes.ts). */
import type { Attribute } from './attributes.js'
import { Mold, type Part } from './shapes.js'
import type { Member, Struct } from './struct.js'
import { bytes } from './types/text.js'

/** What is done with one attribute of a shape: undefined for what is not wanted (`only`), null for what is not known. */
export type Step = (Part & { readonly attribute: Attribute }) | null | undefined

/**
 * A node of the tree of shapes: the attributes of messages come in few orders, so each order that was seen has a mold
 * of its object.
 */
export interface Shape {
  readonly number: number
  readonly steps: readonly Step[]
  readonly header: readonly Member[]
  readonly mold: Mold
  child: Shape | undefined
  next: Shape | undefined
}

/** Beyond this many orders, which only hostile bytes have, objects are made the slow way. */
const MAX_SHAPES = 512
/** No message that repeats itself has more attributes than this in one set. */
const MAX_STEPS = 128

/** All shapes of one set, or of what `only` leaves of it. */
export class ShapeTree {
  readonly #byNumber: ReadonlyMap<number, Attribute>
  readonly #header: Struct | undefined
  readonly #only: ReadonlySet<string> | undefined
  readonly #little: Shape
  readonly #big: Shape
  #count = 2

  constructor(
    byNumber: ReadonlyMap<number, Attribute>,
    header: Struct | undefined,
    only: ReadonlySet<string> | undefined,
  ) {
    this.#byNumber = byNumber
    this.#header = header
    this.#only = only
    this.#little = this.#shape(0, [], true)
    this.#big = this.#shape(0, [], false)
  }

  root(little: boolean): Shape {
    return little ? this.#little : this.#big
  }

  /** The shape with one more attribute, undefined when there are too many. */
  after(shape: Shape, number: number, little: boolean): Shape | undefined {
    let next = shape.child
    while (next !== undefined && next.number !== number) next = next.next
    return next ?? this.#grow(shape, number, little)
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
    const scalar = attribute.selector || attribute.repeated ? 0 : (attribute.type.scalar ?? 0)
    return { name: attribute.name, type: attribute.type, scalar, attribute }
  }

  #shape(number: number, steps: readonly Step[], little: boolean): Shape {
    const header = this.headerMembers(this.#header?.size ?? 0)
    const keys = new Set(header.map((member) => member.name))
    for (const step of steps) if (step !== undefined) keys.add(step === null ? 'unknown' : step.name)
    const parts = [...header, ...steps.map((step) => step ?? none)]
    return { number, steps, header, mold: new Mold([...keys], parts, little), child: undefined, next: undefined }
  }

  #grow(shape: Shape, number: number, little: boolean): Shape | undefined {
    if (this.#count >= MAX_SHAPES || shape.steps.length >= MAX_STEPS) return undefined
    this.#count++
    const step = this.step(number)
    // Of a key that comes twice, the mold could not tell which of the two it holds.
    const twice = step && shape.steps.some((one) => one?.name === step.name)
    const unscaled = (one: Step): Step => (twice && one?.name === step.name ? { ...one, scalar: 0 } : one)
    const added = this.#shape(number, [...shape.steps, step].map(unscaled), little)
    added.next = shape.child
    shape.child = added
    return added
  }
}

const none: Part = { name: '', type: bytes, scalar: 0 }
