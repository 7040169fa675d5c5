/** What tests of networks look at. */
import { execFileSync } from 'node:child_process'
import { setTimeout } from 'node:timers/promises'
import { expect } from 'chai'

/** Runs a command; gives its output. */
export const sh = (command: string): string => execFileSync('sh', ['-c', command], { encoding: 'utf8' })

/** The same in a namespace, for commands other than ip as well. */
export const inside = (netns: string, command: string): string =>
  execFileSync('nsenter', [`--net=/run/netns/${netns}`, 'sh', '-c', command], { encoding: 'utf8' })

/** All that a network could leave in namespaces: links, addresses, routes, neighbours. */
export const look = (...namespaces: string[]): string =>
  namespaces
    .map((netns) =>
      inside(netns, looks.map((what) => `ip ${what}`).join('; '))
        // Times that pass, and what IPv6 does by itself in its time.
        .replace(/expires \d+sec|\d+sec| tentative/g, '')
        .split('\n')
        .filter((line) => !/fe80::|ff00::/.test(line))
        .join('\n'),
    )
    .join('\n====\n')

const looks = ['-o -d link', 'address', '-6 route show table all', '-4 route show table all', 'neighbour show proxy']

/** @throws with the lines that differ: what was left, and what is missing */
export function expectSame(after: string, before: string): void {
  const lines = (text: string, other: string) => text.split('\n').filter((line) => !other.split('\n').includes(line))
  expect({ left: lines(after, before), missing: lines(before, after) }).to.deep.equal({ left: [], missing: [] })
}

/** The same, when it stays so: IPv6 makes some of its routes a while after an address was added. */
export async function lookSettled(...namespaces: string[]): Promise<string> {
  for (let before = '', i = 0; i < 50; i++) {
    const now = look(...namespaces)
    if (now === before) return now
    before = now
    await setTimeout(500)
  }
  throw new Error('the namespaces never stay the same')
}
