/** Which networks have links in the kernel. */
import { isUserName, parseMark, userOf } from './mark.js'
import { linksOf, type Site } from './site.js'

/** The names of all networks that links are marked with, in every namespace that can be found; sorted. */
export async function networkNames(site: Site): Promise<string[]> {
  const found = new Set<string>()
  await site.everywhere(async (inside) => {
    for (const { ifalias, propList } of await linksOf(inside)) {
      const mark = parseMark(ifalias)
      if (mark === undefined) continue
      const users = (propList?.altIfname ?? []).filter(isUserName).map(userOf)
      for (const name of mark.role === 'parent' ? users : [mark.network]) if (name !== undefined) found.add(name)
    }
  })
  return [...found].sort()
}
