/** Reads the constants out of the kernel's installed headers, for tests. */
import { existsSync, readFileSync } from 'node:fs'

const folder = '/usr/include/linux'

/** Whether the kernel's headers are installed (Debian: linux-libc-dev). */
export const headersInstalled = existsSync(`${folder}/if_link.h`)

function numberIn(text: string, known: ReadonlyMap<string, number>): number | undefined {
  const expression = text.trim().replace(/^\((.*)\)$/, '$1')
  const shift = /^\(?\s*(\d+)U?\s*<<\s*(\d+)\s*\)?$/.exec(expression)
  if (shift) return (Number(shift[1]) << Number(shift[2])) >>> 0
  if (/^(0x[0-9a-f]+|\d+)U?L?$/i.test(expression)) return Number(expression.replace(/[UL]+$/i, ''))
  return known.get(expression)
}

/** All enum members and plain numeric macros of a header: name to number. */
export function constantsOf(...files: string[]): Map<string, number> {
  const constants = new Map<string, number>()
  for (const file of files) {
    const path = file.startsWith('/') ? file : `${folder}/${file}`
    const text = readFileSync(path, 'utf8').replace(/\/\*[\s\S]*?\*\//g, '')
    for (const [, body] of text.matchAll(/enum\s*\w*\s*\{([^}]*)\}/g)) {
      let next = 0
      for (const item of body!.replace(/^\s*#.*$/gm, '').split(',')) {
        const match = /^\s*(\w+)\s*(?:=\s*([\s\S]+))?$/.exec(item)
        if (!match) continue
        const given = match[2] === undefined ? next : numberIn(match[2], constants)
        if (given === undefined) continue
        constants.set(match[1]!, given)
        next = given + 1
      }
    }
    for (const [, name, value] of text.matchAll(/^\s*#\s*define\s+(\w+)[ \t]+(.+)$/gm)) {
      const number = numberIn(value!, constants)
      if (number !== undefined && !constants.has(name!)) constants.set(name!, number)
    }
  }
  return constants
}

/** numTxQueues to NUM_TX_QUEUES. */
export const upperSnake = (name: string): string => name.replace(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase()
