/**
 * Attribute sets: the heart of the codec. A set is described as `name: [number, type]`; an optional fixed header
 * before the attributes (ifinfomsg and its like) gives its members to the same flat object.
 */

import { align4, copyOf, type Reader, type Writer } from '../bytes/bytes.js'
import { isObject } from '../bytes/equal.js'
import { checkFraming, checkUnknown, listAt, MAX_DEPTH, TYPE_MASK, unknownAttribute } from '../bytes/nlattr.js'
import { unknownName } from '../options.js'
import type { Attribute } from './attribute.js'
import { dissectAttributes } from './dissect-attributes.js'
import { type Layout, LayoutCache, reordered, type Step } from './fast/layouts.js'
import { attributeHangsOn } from './hangs.js'
import type { Constants } from './meaning.js'
import { enclose, outerNames } from './outer.js'
import type { Struct } from './struct.js'
import { type Description, type Issue, issueOf, join, Malformed, type Owner, type Type, Unwritable } from './type.js'
import { checkSet } from './validate.js'
import { SetWriter, writeAttribute } from './write-attributes.js'

export type { Attribute }

/** A program has few lists of names, and each keeps tens of KB of layouts. */
const MAX_PICKED = 16

/** A set of attributes, with its header if it has one. Use `attributes()` or `headed()` to make one. */
export class AttributeSet<V = object> implements Type<V> {
  readonly kind = 'nest'
  /** What differs from the prefix that its name is (see Constants). */
  readonly constants?: Constants
  readonly name: string
  readonly minimum = 0
  readonly nestedBit: boolean
  readonly header: Struct | undefined
  /** The attributes in the order of the definition. */
  readonly list: readonly Attribute[]
  readonly #byNumber = new Map<number, Attribute>()
  readonly #byName = new Map<string, Attribute>()
  /** See Type.outer. */
  readonly outer?: readonly string[]
  readonly #headerNames: ReadonlySet<string>
  readonly #writer: SetWriter
  readonly #little: LayoutCache
  readonly #big: LayoutCache
  readonly #picked = new Map<string, AttributeSet>()

  constructor(
    name: string,
    list: readonly Attribute[],
    header?: Struct,
    only?: ReadonlySet<string>,
    nestedBit = false,
  ) {
    this.name = name
    this.list = list
    this.header = header
    this.nestedBit = nestedBit
    this.#headerNames = new Set(header?.memberNames)
    if (only === undefined) checkSet(this)
    const outer = outerOf(list, header)
    if (outer) this.outer = outer
    for (const attribute of list) {
      this.#byNumber.set(attribute.number, attribute)
      this.#byName.set(attribute.name, attribute)
      if (attribute.selector) this.#byName.set(attribute.selector.fallback, attribute)
    }
    this.#writer = new SetWriter(this.#byName, header)
    this.#little = new LayoutCache(this.#byNumber, header, only)
    this.#big = new LayoutCache(this.#byNumber, header, only)
  }

  /** The attribute with a number (its two flag bits left out), undefined when the set has none. */
  attribute(numberOrName: number | string): Attribute | undefined {
    return typeof numberOrName === 'number'
      ? this.#byNumber.get(numberOrName & TYPE_MASK)
      : this.#byName.get(numberOrName)
  }

  /**
   * The same set, but decoding gives only these names, and under `unknown` what of them does not fit its type.
   * @throws OptionError for a name that it has not
   */
  pick(names: readonly string[]): AttributeSet {
    const key = [...names].sort().join()
    let picked = this.#picked.get(key)
    if (picked) this.#picked.delete(key)
    else {
      const only = new Set(names)
      for (const name of names) {
        const attribute = this.#byName.get(name)
        if (!attribute && !this.#headerNames.has(name))
          throw unknownName('only', name, `names of ${this.name}`, [...this.#headerNames, ...this.#byName.keys()])
        // What a selector reads cannot be told without its discriminator.
        if (attribute?.selector) only.add(attribute.selector.fallback)
        for (const by of attribute ? attributeHangsOn(attribute) : []) only.add(by)
        // What is inside may look for a member of this object.
        for (const name of attribute ? (outerOf([attribute], undefined) ?? []) : []) only.add(name)
      }
      picked = new AttributeSet(this.name, this.list, this.header, only, this.nestedBit)
      const [oldest] = this.#picked.keys()
      if (this.#picked.size >= MAX_PICKED) this.#picked.delete(oldest!)
    }
    // The last one is the one used last.
    this.#picked.set(key, picked)
    return picked
  }

  /** @throws Malformed for attributes that do not fit their set; one whose payload does not fit its type is kept as raw bytes. */
  read(r: Reader, at: number, end: number, owner?: Owner): V {
    if (++r.depth > MAX_DEPTH) throw new Malformed(at, `nested more than ${MAX_DEPTH} deep`)
    const start = this.#start(at, end)
    const layout = (r.little ? this.#little : this.#big).of(r, at, start, end)
    const value = layout
      ? this.#readLayout(layout, r, at, start, end, owner)
      : this.#readEach(r, at, start, checkFraming(r, start, end), end, owner)
    r.depth--
    return value as V
  }

  /** Where the attributes begin. */
  #start(at: number, end: number): number {
    return this.header ? Math.min(at + align4(this.header.size), end) : at
  }

  /** The layout of bytes that were read before; undefined when they have none. @internal */
  layoutOf(r: Reader, at: number, end: number): Layout | undefined {
    return (r.little ? this.#little : this.#big).of(r, at, this.#start(at, end), end)
  }

  /** The fast way: an object from the template of its layout. */
  #readLayout(
    layout: Layout,
    r: Reader,
    at: number,
    start: number,
    end: number,
    owner: Owner,
  ): Record<string, unknown> {
    const { template, others, steps, otherHeader } = layout
    const value = template.make()
    template.fill(value, r, at, layout.where)
    if (this.outer !== undefined) enclose(value, owner)
    for (const member of otherHeader)
      value[member.name] = member.type.read(r, at + member.offset, at + member.end, value)
    let elsewhere: Map<number, string> | undefined
    for (let i = 0; i < others.length; i++) {
      const index = others[i]!
      const step = steps[index]!
      const p = at + layout.at[index]!
      const key = this.#readOther(step, r, p, p + r.view.getUint16(p, r.little), value, start, end)
      if (step && key !== step.name) elsewhere = (elsewhere ?? new Map()).set(index, key)
    }
    return elsewhere ? reordered(value, layout, elsewhere) : value
  }

  /** One attribute after the other, for what comes too rarely, or in too many orders, to have a template. */
  #readEach(r: Reader, at: number, start: number, stop: number, end: number, owner: Owner): Record<string, unknown> {
    const { view, little } = r
    const value: Record<string, unknown> = {}
    if (this.outer !== undefined) enclose(value, owner)
    for (const { name, type, offset, end: stop } of this.#little.headerMembers(end - at))
      value[name] = type.read(r, at + offset, at + stop, value)
    for (let p = start; p < stop; ) {
      const length = view.getUint16(p, little)
      const step = this.#little.step(view.getUint16(p + 2, little) & TYPE_MASK)
      if (step && length - 4 < step.type.minimum) this.#keep(r, p, p + length, value)
      else if (step !== undefined) this.#readOther(step, r, p, p + length, value, start, end)
      p += align4(length)
    }
    return value
  }

  /** Reads the attribute from `p` to `stop` into its object, and returns the key under which it stands there. */
  #readOther(
    step: NonNullable<Step> | null,
    r: Reader,
    p: number,
    stop: number,
    value: Record<string, unknown>,
    start: number,
    end: number,
  ): string {
    if (step === null) return this.#keep(r, p, stop, value)
    const { depth } = r
    try {
      if (step.plain) value[step.name] = step.type.read(r, p + 4, stop, value)
      else if (step.attribute.selector)
        return step.attribute.selector.readInto(r, this as AttributeSet, step, p + 4, stop, value, start, end)
      else {
        const one = step.type.read(r, p + 4, stop, value)
        listAt(value, step.name).push(one)
      }
    } catch (error) {
      if (!(error instanceof Malformed)) throw error
      r.depth = depth
      return this.#keep(r, p, stop, value)
    }
    return step.name
  }

  /** Keeps the bytes of an attribute that is not known, or whose payload its type refuses. */
  #keep(r: Reader, p: number, stop: number, value: Record<string, unknown>): string {
    listAt(value, 'unknown').push(unknownAttribute(r.view.getUint16(p + 2, r.little), copyOf(r.bytes, p + 4, stop)))
    return 'unknown'
  }

  write(w: Writer, value: V, owner?: Owner): void {
    if (this.outer !== undefined && typeof value === 'object' && value !== null) enclose(value, owner)
    this.#writer.write(w, value)
  }

  /** Writes the attribute, or each of the repeated attributes, that a key of the value stands for. */
  writeNamed(w: Writer, key: string, value: unknown, owner: Record<string, unknown>): void {
    const attribute = this.#byName.get(key)
    if (!attribute) throw new Unwritable()
    writeAttribute(w, attribute, key, value, owner)
  }

  check(value: unknown, path: string, issues: Issue[], owner?: Owner): void {
    if (!isObject(value)) {
      issues.push(issueOf(path, value, { kind: 'object', names: this.#accepted() }))
      return
    }
    if (path.split('.').length > MAX_DEPTH) {
      issues.push(issueOf(path, undefined, { kind: 'depth', max: MAX_DEPTH }))
      return
    }
    const object = value
    if (this.outer !== undefined) enclose(object, owner)
    for (const [key, one] of Object.entries(object)) {
      if (one === undefined) continue
      const at = join(path, key)
      const attribute = this.#byName.get(key)
      if (this.#headerNames.has(key)) this.header!.members[key]!.check(one, at, issues, object)
      else if (key === 'unknown') checkUnknown(one, at, issues)
      else if (!attribute) issues.push(issueOf(at, one, { kind: 'key', what: 'attribute', names: this.#accepted() }))
      else if (attribute.selector) attribute.selector.check(key, one, at, issues, object)
      else if (!attribute.repeated) attribute.type.check(one, at, issues, object)
      else if (!Array.isArray(one)) issues.push(issueOf(at, one, { kind: 'list' }))
      else for (const [i, each] of one.entries()) attribute.type.check(each, `${at}[${i}]`, issues, object)
    }
  }

  #accepted(): string[] {
    return [...this.#headerNames, ...this.list.map((one) => one.name)]
  }

  dissect = dissectAttributes

  describe(): Description {
    return {
      type: 'attributes',
      set: this.name,
      ...(this.header ? { header: this.header.describe() } : {}),
      attributes: this.list.map(({ name, number, type, selector, repeated }) => ({
        ...(selector ? selector.describe() : type.describe()),
        name,
        number,
        ...(repeated ? { repeated } : {}),
      })),
    }
  }
}

// biome-ignore lint/suspicious/noExplicitAny: sets have values of every type; unknown would refuse them all
export type AnyAttributeSet = AttributeSet<any>

/** The names that attributes and members of a header look for further out. */
const outerOf = (list: readonly Attribute[], header: Struct | undefined): readonly string[] | undefined =>
  outerNames(
    [
      ...list.flatMap(({ type, selector }) => (selector ? Object.values(selector.cases) : [type])),
      ...Object.values(header?.members ?? {}),
    ],
    list.map(({ selector }) => selector?.by),
  )
