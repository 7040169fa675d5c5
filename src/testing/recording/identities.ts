/** The members that hold names and addresses, found in the definitions: a new attribute is among them by its type. */
import type { Protocol } from '../../netlink/frame/protocol.js'
import { isProtocol } from '../../netlink/options.js'
import { AttributeSet } from '../../netlink/schema/attributes.js'
import type { AnyType } from '../../netlink/schema/type.js'
import { findProtocol } from '../../rtnl/protocols.js'
import { pseudonyms } from './pseudonyms.js'
import type { Pseudonym } from './redact-options.js'

/** Texts that people choose, and the names of namespaces in a recording's head. */
const chosen: Readonly<Record<string, Pseudonym>> = {
  ifalias: pseudonyms.text,
  // A label begins with the name of a link, and mostly is that name.
  label: pseudonyms.name,
  netns: pseudonyms.namespace,
}

/**
 * Every member of a protocol that holds an interface's name, a network address or a hardware address, with its
 * pseudonyms; aliases, labels and the names of namespaces too. For `redact: { paths: identities() }`.
 * @example redact: { paths: { ...volatile, ...identities() } }
 */
export function identities(family: Protocol = findProtocol('route')!): Record<string, Pseudonym> {
  isProtocol('family', family)
  const found: Record<string, Pseudonym> = { ...chosen }
  const seen = new Map<AnyType, Set<string>>()
  const walk = (name: string, type: AnyType): void => {
    const by = pseudonymFor(type)
    // One name can be used at several places; at all of them it is a name or an address, or no text.
    if (by && !Object.hasOwn(chosen, name)) found[name] = by
    // A type may stand for itself further in, and several members may have one type.
    const names = seen.get(type) ?? new Set()
    if (names.has(name)) return
    seen.set(type, names.add(name))
    for (const one of [type.items, type.each, type.kind === 'lazy' ? type.resolve?.(undefined) : undefined])
      if (one) walk(name, one)
    for (const one of type.choices ?? []) walk(name, one)
    for (const [member, one] of Object.entries(type.members ?? {})) walk(member, one)
    if (!(type instanceof AttributeSet)) return
    for (const attribute of type.list)
      for (const one of attribute.selector ? Object.values(attribute.selector.cases) : [attribute.type])
        walk(attribute.name, one as AnyType)
    if (type.header) walk(name, type.header)
  }
  for (const message of Object.values(family.messages)) walk('', message.body)
  return found
}

function pseudonymFor({ kind, meaning }: AnyType): Pseudonym | undefined {
  if (meaning === 'ifname') return pseudonyms.name
  return kind === 'address' || kind === 'mac' ? pseudonyms.address : undefined
}
