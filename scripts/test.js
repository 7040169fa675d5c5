// Runs mocha on the compiled tests: all of them, those that are named, or (--unit) those that need nothing but this process.
//   npm test                                          everything
//   npm test -- test/netlink/schema/rules.test.ts     one file; also as dist/test/...test.js; several; a folder
//   npm test -- FILE --grep 'words of its title'      other arguments are mocha's
//   npm run test:unit                                 the fast loop: no kernel, no child processes
import { spawn } from 'node:child_process'
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = join(dirname(fileURLToPath(import.meta.url)), '..')
const tests = join(root, 'dist/test')

/** The test files of a compiled folder. */
const filesIn = (folder) =>
  readdirSync(folder, { recursive: true })
    .filter((name) => name.endsWith('.test.js'))
    .map((name) => join(folder, name))
    .sort()

/** What an argument names in dist/test, given as a source or a compiled file or folder; undefined when it names nothing there. */
function compiled(argument) {
  const path = relative(root, resolve(argument))
    .replace(/^dist[/\\]/, '')
    .replace(/\.ts$/, '.js')
  const found = join(root, 'dist', path)
  return found.startsWith(tests) && existsSync(found) ? found : undefined
}

/** The modules that a compiled file loads with its own imports. */
const imports = (file) =>
  [...readFileSync(file, 'utf8').matchAll(/(?:from|import)\s*\(?'([^']+)'/g)].map(([, name]) => name)

const needs = new Map()
/** Whether a file, or a helper of the tests that it loads, starts other programs or asks what the machine can do. */
function needsMore(file) {
  if (needs.has(file)) return needs.get(file)
  needs.set(file, false)
  const found = imports(file).some((name) => {
    if (name === 'node:child_process') return true
    const target = name.startsWith('.') ? resolve(dirname(file), name) : undefined
    if (target === undefined || !target.startsWith(tests)) return false
    return target === join(tests, 'support/layers.js') || needsMore(target)
  })
  needs.set(file, found)
  return found
}

const specs = []
const options = []
let unit = false
for (const argument of process.argv.slice(2)) {
  const path = argument.startsWith('-') ? undefined : compiled(argument)
  if (argument === '--unit') unit = true
  else if (path !== undefined) specs.push(...(statSync(path).isDirectory() ? filesIn(path) : [path]))
  else if (/\.test\.[jt]s$/.test(argument)) {
    console.error(`${argument}: there is no such test`)
    process.exit(2)
  } else options.push(argument)
}
const named = specs.length > 0 ? specs : filesIn(tests)
const files = unit ? named.filter((file) => !needsMore(file)) : named
const mocha = join(root, 'node_modules/mocha/bin/mocha.js')
// A fifth of the mutations will do for the fast loop.
const env = unit ? { NLWIRE_FUZZ: '20000', ...process.env } : process.env
const child = spawn(process.execPath, [mocha, ...options, ...files], { cwd: root, env, stdio: 'inherit' })
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => child.kill(signal))
child.on('exit', (status, signal) => {
  if (signal === null) process.exit(status)
  process.removeAllListeners(signal)
  process.kill(process.pid, signal)
})
