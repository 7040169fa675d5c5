/** How the code hangs together: who may import whom, what needs Node, and how long a file may be. */
import { readdirSync, readFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { expect } from 'chai'
import { root } from './support/fixtures.js'

const sources = (folder: string) =>
  readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.(ts|js|c|h)$/.test(entry.name))
    .map((entry) => relative(root, join(entry.parentPath, entry.name)))

const read = (file: string) => readFileSync(join(root, file), 'utf8')
const imports = (file: string) =>
  [...read(file).matchAll(/from '([^']+)'|import\('([^']+)'\)/g)].map((match) => match[1] ?? match[2]!)

describe('structure', () => {
  it('no file has more than 300 lines', () => {
    const folders = ['src', 'test', 'native', 'bench', 'examples', 'scripts', 'fixtures/record']
    for (const file of folders.flatMap(sources)) expect(read(file).split('\n').length, file).to.be.at.most(301)
  })

  it('src/netlink imports nothing outside itself, src/rtnl nothing but src/netlink', () => {
    for (const file of sources('src/netlink'))
      for (const from of imports(file)) expect(from, file).not.to.match(/\/(rtnl|testing|cli|inspector)\//)
    for (const file of sources('src/rtnl'))
      for (const from of imports(file)) expect(from, file).not.to.match(/\/(testing|cli|inspector)\//)
  })

  it('the library imports nothing of Node, and one file loads the native shim', () => {
    // Files and sockets are Node's, and are taken from it when they are first used: the codec runs in a browser.
    const needNode = sources('src').filter((file) => imports(file).some((from) => from.startsWith('node:')))
    expect(needNode.filter((file) => !file.startsWith('src/cli/') && !file.startsWith('src/testing/'))).to.deep.equal(
      [],
    )
    const loadShim = sources('src').filter((file) => /node-gyp-build|\.node\b/.test(read(file)))
    expect(loadShim).to.deep.equal(['src/netlink/socket/shim.ts'])
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
})
