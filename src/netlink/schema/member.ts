/** Finding the type of a part of a value: for what walks values beside their definitions. */
import { AttributeSet } from './attributes.js'
import type { AnyType } from './type.js'

/**
 * The type of a member of a nest or a struct.
 * @param owner the object that the member is of: a selector looks there
 * @returns undefined for a name that the type does not have
 * @example memberOf(linkinfo, 'data', { kind: 'ipvlan' }) // the attribute set of ipvlan
 */
export function memberOf(type: AnyType, name: string, owner: Record<string, unknown>): AnyType | undefined {
  if (type instanceof AttributeSet) {
    const attribute = type.attribute(name)
    if (attribute) return attribute.selector ? attribute.selector.typeOf(name, owner) : attribute.type
  }
  return type.members !== undefined && Object.hasOwn(type.members, name) ? type.members[name] : undefined
}
