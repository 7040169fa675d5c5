/** The kernel's own names beside those of nlwire: IFLA_IPVLAN_MODE beside mode. */
import type { Field } from '../../netlink/index.js'

const upperSnake = (name: string): string => name.replace(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase()

/** The same fields, each attribute that a set describes with its C constant after its name. */
export const withCNames = (fields: readonly Field[]): Field[] => fields.map((field) => named(field, undefined))

function named(field: Field, prefix: string | undefined): Field {
  const { children, set, header } = field
  // A set that stands in a header's place has its attributes beside it: they belong to the message.
  const inside = set?.name
  const described = header > 0 && prefix !== undefined && field.name !== 'unknown' && field.name !== 'garbled'
  return {
    ...field,
    ...(described ? { name: `${field.name} ${prefix}_${upperSnake(field.name)}` } : {}),
    ...(children ? { children: children.map((child) => named(child, inside)) } : {}),
  }
}
