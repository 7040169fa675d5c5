/** How the code hangs together: who may import whom, what needs Node, and how long a file may be. */
import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { expect } from 'chai'
import { root } from './support/fixtures.js'

const sources = (folder: string) =>
  readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.(ts|js|c|h)$/.test(entry.name))
    .map((entry) => relative(root, join(entry.parentPath, entry.name)))

const read = (file: string) => readFileSync(join(root, file), 'utf8')
const imports = (file: string) =>
  [...read(file).matchAll(/(?:from|import) '([^']+)'|import\('([^']+)'\)/g)].map((match) => match[1] ?? match[2]!)

/** The files of src that a file imports. */
const imported = (file: string): string[] =>
  imports(file)
    .filter((from) => from.startsWith('.'))
    .map((from) => join(dirname(file), from).replace(/\.js$/, '.ts'))

/**
 * The rooms of src, each with the rooms that it may import, which stand above it. A room is a folder with all that is
 * in it, or a file that belongs to none. docs/design.md says what is in them.
 */
const table: readonly (readonly [room: string, ...mayImport: string[]])[] = [
  ['netlink/bytes'],
  ['netlink/errno'],
  ['netlink/errors', 'netlink/bytes'],
  ['netlink/options', 'netlink/errors', 'netlink/bytes'],
  ['netlink/schema', 'netlink/bytes', 'netlink/options'],
  ['netlink/frame', 'netlink/schema', 'netlink/bytes', 'netlink/errno'],
  ['netlink/dissect', 'netlink/frame', 'netlink/schema', 'netlink/options', 'netlink/bytes'],
  [
    'netlink/codec',
    'netlink/dissect',
    'netlink/frame',
    'netlink/schema',
    'netlink/bytes',
    'netlink/errors',
    'netlink/options',
  ],
  ['netlink/transport', 'netlink/options', 'netlink/bytes', 'netlink/errors'],
  ['netlink/socket', 'netlink/transport', 'netlink/options', 'netlink/errors', 'netlink/errno', 'netlink/bytes'],
  [
    'netlink/conversation',
    ...['netlink/codec', 'netlink/dissect', 'netlink/frame', 'netlink/schema', 'netlink/bytes', 'netlink/transport'],
    ...['netlink/errors', 'netlink/options', 'netlink/errno'],
  ],
  ['netlink/index', 'netlink/*'],
  ['generic', 'netlink/*'],
  ['rtnl/ifname', 'netlink/schema'],
  ['rtnl/names', 'netlink/schema'],
  ['rtnl/link', 'rtnl/ifname', 'rtnl/names', 'netlink/schema', 'netlink/bytes', 'netlink/options', 'netlink/errors'],
  ['rtnl/address', 'rtnl/names', 'netlink/schema', 'netlink/bytes'],
  ['rtnl/route', 'rtnl/names', 'netlink/schema', 'netlink/bytes'],
  ['rtnl/namespace', 'rtnl/names', 'netlink/schema', 'netlink/bytes'],
  ['rtnl/neighbour', 'rtnl/names', 'netlink/schema', 'netlink/bytes'],
  ['rtnl/protocol', 'rtnl/link', 'rtnl/address', 'rtnl/route', 'rtnl/neighbour', 'rtnl/namespace', 'netlink/frame'],
  ['rtnl/protocols', 'rtnl/protocol', 'generic', 'netlink/frame'],
  ['rtnl/route-with', 'rtnl/protocol', 'rtnl/link', 'netlink/frame', 'netlink/options'],
  ['rtnl/errors', 'netlink/errors'],
  ['rtnl/explain', 'rtnl/link', 'netlink/*'],
  ['rtnl/index', 'rtnl/*'],
  ['rtnl/client', 'rtnl/*', 'netlink/*'],
  ['index', 'rtnl/*', 'netlink/*'],
  ['network', 'rtnl/*', 'netlink/*', 'index'],
  ['network/docker', 'network', 'netlink/*'],
  ['network/cni', 'network', 'rtnl/*', 'netlink/*'],
  ['testing/recording', 'rtnl/protocols', 'netlink/*'],
  ['testing/pcap', 'testing/recording', 'rtnl/protocols', 'rtnl/index', 'netlink/*'],
  ['testing/fake', 'testing/recording', 'rtnl/*', 'netlink/*'],
  ['testing/replay', 'testing/fake', 'testing/recording', 'rtnl/*', 'netlink/*'],
  ['testing/named-host', 'testing/replay', 'rtnl/*', 'netlink/*'],
  ['testing/host', 'testing/named-host', 'testing/replay', 'testing/fake', 'testing/recording', 'rtnl/*', 'netlink/*'],
  ['testing/test-host', 'testing/host', 'testing/replay', 'testing/recording', 'rtnl/*', 'netlink/*'],
  ['testing/index', 'testing/*'],
  ['testing/chai', 'testing/replay', 'rtnl/protocol', 'netlink/*'],
  ['cli/process'],
  ['cli/output', 'cli/process', 'netlink/*'],
  ['cli/input', 'cli/output', 'cli/process', 'testing/pcap', 'testing/recording', 'rtnl/protocols', 'netlink/*'],
  ['cli/messages', 'cli/input', 'cli/output', 'cli/process', 'rtnl/explain', 'rtnl/protocols', 'netlink/*'],
  ['cli/json', 'cli/messages', 'cli/process', 'netlink/*'],
  ['cli/kernel', 'cli/messages', 'cli/output', 'cli/process', 'testing/*', 'index', 'rtnl/*', 'netlink/*'],
  ['cli/monitor', 'cli/messages', 'cli/output', 'cli/process', 'rtnl/*', 'netlink/*'],
  ['cli/objects/grammar', 'cli/json', 'cli/process', 'rtnl/*', 'netlink/*'],
  ['cli/objects/show', 'cli/objects/grammar', 'cli/output', 'rtnl/*', 'netlink/*'],
  ['cli/objects/session', 'cli/objects/show', 'cli/objects/grammar', 'cli/output', 'index', 'rtnl/*', 'netlink/*'],
  ...['link', 'address', 'route', 'netns'].map((object): [string, ...string[]] => [
    `cli/objects/${object}`,
    ...['cli/objects/session', 'cli/objects/show', 'cli/objects/grammar', 'cli/output', 'cli/process'],
    // The addresses of a link stand below its line.
    ...(object === 'address' ? ['cli/objects/link'] : []),
    ...['index', 'rtnl/*', 'netlink/*'],
  ]),
  ['cli/objects/actions', 'cli/objects/*'],
  ['cli/objects/usage', 'cli/objects/*', 'cli/output', 'rtnl/*', 'netlink/*'],
  [
    'cli/objects/index',
    'cli/objects/*',
    'cli/kernel',
    'cli/messages',
    'cli/output',
    'cli/process',
    'testing/*',
    'index',
  ],
  [
    'cli/commands',
    ...['cli/input', 'cli/json', 'cli/kernel', 'cli/messages', 'cli/monitor', 'cli/output', 'cli/process'],
    ...['network', 'network/docker', 'testing/*', 'rtnl/*', 'netlink/*'],
  ],
  ['cli/command-line', 'cli/objects/*', 'cli/input', 'cli/process'],
  ['cli/perform', 'cli/*', 'netlink/index'],
  ['cli/main', 'cli/perform'],
]

/** Each room with those that it may import. `netlink/*` are all rooms of netlink that stand above it. */
const rooms = new Map<string, readonly string[]>()
for (const [name, ...mayImport] of table)
  rooms.set(
    name,
    mayImport.flatMap((one) =>
      one.endsWith('/*') ? [...rooms.keys()].filter((room) => room.startsWith(one.slice(0, -1))) : [one],
    ),
  )

/** The room of a file: the longest name that its path begins with. */
function roomOf(file: string): string | undefined {
  const path = file.replace(/^src\//, '').replace(/\.ts$/, '')
  const found = [...rooms.keys()].filter((room) => path === room || path.startsWith(`${room}/`))
  return found.sort((a, b) => b.length - a.length)[0]
}

describe('structure', () => {
  it('no file has more than 300 lines', () => {
    const folders = ['src', 'test', 'native', 'bench', 'examples', 'scripts', 'fixtures/record']
    for (const file of folders.flatMap(sources)) expect(read(file).split('\n').length, file).to.be.at.most(301)
  })

  it('every file of src is in a room of the table, and imports what its room may', () => {
    for (const file of sources('src')) {
      const room = roomOf(file)
      expect(room, `${file} is in no room`).not.to.equal(undefined)
      const allowed = [room!, ...rooms.get(room!)!]
      for (const target of imported(file)) expect(roomOf(target), `${file} imports ${target}`).to.be.oneOf(allowed)
    }
  })

  it('a room may import only what stands above it in the table: there is no circle of rooms', () => {
    const names = [...rooms.keys()]
    for (const [i, name] of names.entries())
      for (const one of rooms.get(name)!) expect(names.indexOf(one), `${name}: ${one}`).to.be.within(0, i - 1)
  })

  it('no file imports itself by way of others', () => {
    const done = new Set<string>()
    const visit = (file: string, way: readonly string[]) => {
      expect(way.includes(file), [...way, file].join(' -> ')).to.equal(false)
      if (done.has(file)) return
      for (const target of imported(file)) visit(target, [...way, file])
      done.add(file)
    }
    for (const file of sources('src')) visit(file, [])
  })

  it('a file of the shim includes only what stands above it', () => {
    const order = ['values', 'socket', 'watch', 'netns', 'sysctl', 'run', 'nlwire']
    for (const file of sources('native').filter((name) => /\.[ch]$/.test(name))) {
      const own = order.indexOf(file.replace(/^native\/(\w+)\.[ch]$/, '$1'))
      const included = [...read(file).matchAll(/#include "(\w+)\.h"/g)].map((match) => order.indexOf(match[1]!))
      expect(own, file).to.be.at.least(0)
      for (const one of included) expect(one, file).to.be.within(0, own)
    }
  })

  it('the library imports nothing of Node, and one file loads the native shim', () => {
    // Files and sockets are Node's, and are taken from it when they are first used: the codec runs in a browser.
    const needNode = sources('src').filter((file) => imports(file).some((from) => from.startsWith('node:')))
    const ofNode = ['src/cli/', 'src/testing/', 'src/network/']
    expect(needNode.filter((file) => !ofNode.some((room) => file.startsWith(room)))).to.deep.equal([])
    const loadShim = sources('src').filter((file) => /\bdlopen\(|\brequire\(|createRequire/.test(read(file)))
    expect(loadShim).to.deep.equal(['src/netlink/socket/find-shim.ts'])
  })

  it('nothing decides by how a type is called or by the English of a message', () => {
    // What a type is, is its kind; what is wrong with a value, is expected (schema/type.ts, bytes/expected.ts).
    const byName = /\b(type|types?\[[^\]]*\]|own|usual|body)\.name(\.(starts|ends)With|\.includes|\.match| [!=]==)/
    const byText =
      /\/\.test\(\w*\.?message\)|\bmessage\.(replace|match|includes|startsWith|endsWith)\(|issue\.message [!=]==/
    const byMembers = /'(members|values|list|entries|items)' in /
    for (const file of sources('src'))
      for (const pattern of [byName, byMembers, byText]) expect(read(file), file).not.to.match(pattern)
  })

  it('nothing evaluates code', () => {
    for (const file of sources('src')) expect(read(file), file).not.to.match(/\beval\(|new Function\b/)
  })

  it('bytes are copied by copyOf: the slice of a Buffer is a view', () => {
    // Known by their names: the compiler cannot tell them from text and lists either.
    const slice =
      /\b(?:\w*[bB]ytes|\w*[bB]uffer|datagram|payload|packet|chunk|data|copy|before|after|head|slab)\??\.slice\(/
    for (const file of sources('src')) expect(read(file), file).not.to.match(slice)
  })

  it('no two files export different things under one name', () => {
    const places = new Map<string, string>()
    for (const file of sources('src'))
      for (const [, name] of read(file).matchAll(
        /^export (?:abstract )?(?:async )?(?:const|let|function\*?|interface|type|class) (\w+)/gm,
      )) {
        expect(places.get(name!) ?? file, `${name} of ${places.get(name!)} and ${file}`).to.equal(file)
        places.set(name!, file)
      }
  })
})
