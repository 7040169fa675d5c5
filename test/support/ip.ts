/** The `ip` command of iproute2: the outside oracle. */
import { execFileSync } from 'node:child_process'
import { layer } from './layers.js'

/** iproute2 on this machine. */
export const ipCommand = layer('the ip command', () => {
  execFileSync('ip', ['-V'], { stdio: 'ignore' })
  return undefined
})

/** Runs `ip` in a namespace; what it prints. */
export const ip = (netns: string, ...words: string[]): string =>
  execFileSync('ip', ['-n', netns, ...words.flatMap((word) => word.split(' '))], { encoding: 'utf8' })

// biome-ignore lint/suspicious/noExplicitAny: the JSON of another program, which a test looks at member by member
type Json = any

/** Runs `ip -j -d` in a namespace; its JSON. */
export const ipJson = (netns: string, ...words: string[]): Json[] => JSON.parse(ip(netns, '-j -d', ...words) || '[]')
