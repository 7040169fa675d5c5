/** What all lists share, whatever their form on the wire. */
import { type AnyType, type Expected, type Issue, issueOf, type Owner } from './type.js'

/**
 * The parts of a list type that hang on its items alone.
 * @param size how many items there must be; undefined for any number
 */
export function listParts<T extends AnyType>(items: T, size?: number) {
  const expected: Expected = size === undefined ? { kind: 'list' } : { kind: 'list', size }
  return {
    kind: 'list',
    items,
    ...(items.outer ? { outer: items.outer } : {}),
    check(value: unknown, path: string, issues: Issue[], owner: Owner): void {
      if (!Array.isArray(value) || (size !== undefined && value.length !== size))
        issues.push(issueOf(path, value, expected))
      else for (const [i, one] of value.entries()) items.check(one, `${path}[${i}]`, issues, owner)
    },
  } as const
}
