/** The programs that are measured, each run in a process of its own: the floor, and one case of nlwire. */
import { spawn, spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const here = fileURLToPath(new URL('..', import.meta.url))
/** @type {Set<import('node:child_process').ChildProcess>} */
const running = new Set()
process.on('exit', () => {
  for (const child of running) child.kill('SIGKILL')
})

let built = ''

/** Compiles the floor, once. @returns {string} the program */
export function floorProgram() {
  if (built) return built
  const folder = mkdtempSync(join(tmpdir(), 'nlw-bench-'))
  process.on('exit', () => rmSync(folder, { recursive: true, force: true }))
  const program = join(folder, 'floor')
  const compiler = process.env.CC || 'cc'
  const options = ['-O2', '-Wall', '-Wextra', '-o', program, join(here, 'floor.c')]
  const { status, error } = spawnSync(compiler, options, { stdio: 'inherit' })
  if (status !== 0)
    throw new Error(`the floor needs a C compiler: ${compiler} failed${error ? `: ${error.message}` : ''}`)
  built = program
  return built
}

/**
 * @param {string[]} words
 * @returns {Promise<{ items: number, times: number[] }>} nanoseconds of each repetition
 */
export const runFloor = (words) => run(floorProgram(), words)

/**
 * Runs one case of nlwire.
 * @param {string} name
 * @param {import('./places.js').Place | undefined} place
 * @param {number} repetitions
 * @param {string[]} [nodeOptions]
 */
export function runCase(name, place, repetitions, nodeOptions = []) {
  const context = { place, repetitions, floor: place && floorProgram() }
  return run(process.execPath, [...nodeOptions, join(here, 'worker.js'), name, JSON.stringify(context)])
}

/** Runs a program to its end; its last line is JSON. */
function run(program, words) {
  const child = spawn(program, words, { stdio: ['ignore', 'pipe', 'inherit'] })
  running.add(child)
  let output = ''
  child.stdout.setEncoding('utf8')
  child.stdout.on('data', (text) => {
    output += text
  })
  return new Promise((resolve, reject) => {
    child.on('error', reject)
    child.on('close', (code, signal) => {
      running.delete(child)
      if (code === 0) resolve(JSON.parse(output.trim().split('\n').at(-1)))
      else reject(new Error(`${[program, ...words].join(' ')}: ended with ${signal ?? code}`))
    })
  })
}
