/** Reads the constants out of the kernel's installed headers, for tests. */
import { existsSync, readdirSync, readFileSync } from 'node:fs'

const folder = '/usr/include/linux'

/** Whether the kernel's headers are installed (Debian: linux-libc-dev). */
export const headersInstalled = existsSync(`${folder}/if_link.h`)

/** The constants of one enum, or all macros of one file: names to numbers. */
export interface Block {
  readonly file: string
  readonly isEnum: boolean
  readonly constants: Map<string, number>
}

const tokens = /\s*(0x[0-9a-f]+[UL]*|\d+[UL]*|\w+|<<|[|()+~-])/giy

/** A constant expression of C, as far as headers of the kernel use them; undefined for what it cannot read. */
function evaluated(text: string, known: (name: string) => number | undefined): number | undefined {
  const list: string[] = []
  tokens.lastIndex = 0
  for (let match = tokens.exec(text); match; match = tokens.exec(text)) list.push(match[1]!)
  if (list.join('') !== text.replace(/\s+/g, '')) return undefined
  let at = 0
  const primary = (): number => {
    const token = list[at++] ?? ''
    if (token === '(') {
      const value = any()
      return list[at++] === ')' ? value : Number.NaN
    }
    if (token === '-') return -primary()
    if (token === '~') return ~primary()
    if (/^_BITULL?$/.test(token)) return 2 ** primary()
    return /^\d/.test(token) ? Number(token.replace(/[UL]+$/i, '')) : (known(token) ?? Number.NaN)
  }
  const sum = (): number => {
    let value = primary()
    while (list[at] === '+' || list[at] === '-') value += list[at++] === '+' ? primary() : -primary()
    return value
  }
  const shift = (): number => {
    let value = sum()
    while (list[at] === '<<') {
      at++
      value *= 2 ** sum()
    }
    return value
  }
  const any = (): number => {
    let value = shift()
    while (list[at] === '|') {
      at++
      value = (value | shift()) >>> 0
    }
    return value
  }
  const value = list.length === 0 ? Number.NaN : any()
  return at === list.length && Number.isInteger(value) ? value : undefined
}

function enumIn(body: string, known: (name: string) => number | undefined): Map<string, number> {
  const constants = new Map<string, number>()
  const all = (name: string) => constants.get(name) ?? known(name)
  let next: number | undefined = 0
  for (const item of body.replace(/^\s*#.*$/gm, '').split(',')) {
    const match = /^\s*(\w+)\s*(?:=\s*([\s\S]+))?$/.exec(item)
    if (!match) continue
    const given: number | undefined = match[2] === undefined ? next : evaluated(match[2], all)
    if (given !== undefined) constants.set(match[1]!, given)
    next = given === undefined ? undefined : given + 1
  }
  return constants
}

function blocksOf(path: string, rename: (name: string) => string): Block[] {
  const file = path.replace(/^.*\//, '')
  const text = readFileSync(path, 'utf8').replace(/\/\*[\s\S]*?\*\//g, '')
  const macros = new Map<string, number>()
  const blocks: Block[] = []
  const known = (name: string) =>
    macros.get(rename(name)) ?? blocks.find(({ constants }) => constants.has(name))?.constants.get(name)
  for (const [, body] of text.matchAll(/enum\s*\w*\s*\{([^}]*)\}/g))
    blocks.push({ file, isEnum: true, constants: enumIn(body!, known) })
  for (const [, name, value] of text.matchAll(/^\s*#\s*define\s+(\w+)[ \t]+(.+)$/gm)) {
    const number = evaluated(value!, known)
    if (number !== undefined && !macros.has(rename(name!))) macros.set(rename(name!), number)
  }
  return [...blocks, { file, isEnum: false, constants: macros }]
}

/** All constants of the kernel's headers for programs, and the address families, which are the C library's. */
export function headerBlocks(): readonly Block[] {
  const files = readdirSync(folder).filter((name) => name.endsWith('.h'))
  const sockets = ['/usr/include/x86_64-linux-gnu', '/usr/include/aarch64-linux-gnu', '/usr/include']
    .map((place) => `${place}/bits/socket.h`)
    .filter(existsSync)
  return [
    ...files.flatMap((name) => blocksOf(`${folder}/${name}`, (one) => one)),
    // AF_INET is defined as PF_INET, and that as a number.
    ...sockets.slice(0, 1).flatMap((path) => blocksOf(path, (one) => one.replace(/^PF_/, 'AF_'))),
  ]
}

/** numTxQueues to NUM_TX_QUEUES. */
export const upperSnake = (name: string): string => name.replace(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase()
