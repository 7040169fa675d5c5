/** Every type that a definition is made of. */
import { AttributeSet } from '../../src/netlink/index.js'
import type { AnyType } from '../../src/netlink/schema/type.js'

/** A type, and where in the definition it is first met. */
export interface Found {
  readonly path: string
  readonly type: AnyType
}

/** All types within these, each once. */
export function typesWithin(roots: Readonly<Record<string, AnyType>>): Found[] {
  const found = new Map<AnyType, string>()
  const visit = (path: string, type: AnyType): void => {
    if (found.has(type)) return
    found.set(type, path)
    if (type.kind === 'lazy') visit(path, type.resolve!(undefined))
    for (const choice of type.choices ?? []) visit(path, choice)
    if (type.items) visit(`${path}[]`, type.items)
    for (const [name, member] of Object.entries(type.members ?? {})) visit(`${path}.${name}`, member)
    if (!(type instanceof AttributeSet)) return
    if (type.header) visit(`${path}(header)`, type.header)
    for (const { name, type: own, selector } of type.list) {
      if (!selector) visit(`${path}.${name}`, own)
      else for (const [value, one] of Object.entries(selector.cases)) visit(`${path}.${name}(${value})`, one)
    }
  }
  for (const [name, type] of Object.entries(roots)) visit(name, type)
  return [...found].map(([type, path]) => ({ type, path }))
}
