// Shortens what the compiler has written to dist/src: where a definition is part of another one it writes out the whole
// type again, and names each type by the path of its file. Here the first becomes `typeof` the definition, the second an
// import; and declarations that no entry of the package needs are removed. What they mean stays the same, and editors find
// the comments, which stand at the definition only.
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import ts from 'typescript-5.9'

const root = join(dirname(fileURLToPath(import.meta.url)), '..')
const folder = join(root, 'dist/src')
/** What is shorter than this is not worth an import. */
const SHORTEST = 80

const files = new Map(
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.d.ts'))
    .map((name) => join(folder, name))
    .sort()
    .map((path) => [path, parse(path, readFileSync(path, 'utf8'))]),
)

function parse(path, text) {
  const source = ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true)
  /** The names that the file uses, and where each comes from. */
  const names = new Map()
  const stars = []
  const exported = new Map()
  const constants = []
  for (const statement of source.statements) {
    const from = statement.moduleSpecifier && target(path, statement.moduleSpecifier.text)
    if (ts.isImportDeclaration(statement)) {
      const bindings = statement.importClause?.namedBindings
      if (bindings && ts.isNamedImports(bindings))
        for (const one of bindings.elements)
          names.set(one.name.text, { file: from, name: (one.propertyName ?? one.name).text })
      else if (bindings) names.set(bindings.name.text, { file: from, name: '*' })
    } else if (ts.isExportDeclaration(statement)) {
      if (!statement.exportClause) stars.push(from)
      else
        for (const one of statement.exportClause.elements ?? [])
          exported.set(one.name.text, { file: from ?? path, name: (one.propertyName ?? one.name).text })
    } else
      for (const one of ts.isVariableStatement(statement) ? statement.declarationList.declarations : [statement]) {
        if (!one.name) continue
        names.set(one.name.text, { file: path, name: one.name.text })
        exported.set(one.name.text, { file: path, name: one.name.text })
        if (ts.isVariableDeclaration(one) && one.type && ts.getCombinedModifierFlags(one) & ts.ModifierFlags.Export)
          constants.push(one)
      }
  }
  return { source, names, stars, exported, constants }
}

/** The file that a specifier means; packages and Node's modules as they are called. */
function target(path, specifier) {
  return specifier.startsWith('.') ? resolve(dirname(path), specifier.replace(/\.js$/, '.d.ts')) : specifier
}

/** Where a name that a file exports is declared. */
function origin(file, name) {
  const found = files.get(file)?.exported.get(name)
  if (found && (found.file !== file || found.name !== name)) return origin(found.file, found.name)
  // What is imported and exported in two statements.
  const imported = found && files.get(file).names.get(name)
  if (imported && imported.file !== file) return origin(imported.file, imported.name)
  if (found) return found
  for (const star of files.get(file)?.stars ?? []) {
    const through = origin(star, name)
    if (files.get(through.file)?.exported.has(through.name)) return through
  }
  return { file, name }
}

const key = ({ file, name }) => `${file}#${name}`
const isImported = (node) =>
  ts.isImportTypeNode(node) && !node.isTypeOf && node.qualifier !== undefined && ts.isIdentifier(node.qualifier)
const originOf = (path, node) => origin(target(path, node.argument.literal.text), node.qualifier.text)

/** What a type says, whatever file it stands in: without comments and spaces, with names that mean one thing. */
function meaning(path, node) {
  const { names, source } = files.get(path)
  const visit = (one) => {
    if (ts.isJSDoc(one)) return ''
    if (isImported(one)) {
      const args = one.typeArguments ? `<${one.typeArguments.map(visit).join()}>` : ''
      return key(originOf(path, one)) + args
    }
    if (ts.isTypeReferenceNode(one) && ts.isIdentifier(one.typeName)) {
      const { file, name } = names.get(one.typeName.text) ?? { file: '', name: one.typeName.text }
      return key(origin(file, name)) + (one.typeArguments ? `<${one.typeArguments.map(visit).join()}>` : '')
    }
    if (ts.isTypeQueryNode(one)) return `typeof ${path} ${one.getText(source)}`
    const children = one.getChildren(source)
    return children.length === 0 ? one.getText(source) : children.map(visit).join(' ')
  }
  return visit(node).replace(/ +/g, ' ').trim()
}

/** The definitions by what their types say. */
const definitions = new Map()
for (const [path, { constants, source }] of files)
  for (const { name, type } of constants) {
    if (type.getText(source).length < SHORTEST) continue
    const text = meaning(path, type)
    if (!definitions.has(text)) definitions.set(text, { file: path, name: name.text, type })
  }

/** What the parameters of a type are where none are given, as text; undefined where they must be. */
function defaults({ file, name }) {
  const declared = files.get(file)?.source.statements.find((one) => one.name?.text === name)
  const all = declared?.typeParameters?.map((one) => one.default?.getText())
  return all?.includes(undefined) ? undefined : all?.join()
}

/** Where a file takes a thing from: outside of the protocol from its entry, which makes one import of many. */
function published(path, of) {
  const protocol = join(folder, 'netlink/')
  const entry = join(protocol, 'index.d.ts')
  return !path.startsWith(protocol) && key(origin(entry, of.name)) === key(of) ? entry : of.file
}

/** How a file names another. */
function specifierOf(path, file) {
  const specifier = relative(dirname(path), file).replace(/\.d\.ts$/, '.js')
  return specifier.startsWith('.') ? specifier : `./${specifier}`
}

function shortened(path) {
  const { source, names } = files.get(path)
  const imports = new Map()
  /** What to call a thing of another file here; undefined where that name means something else. */
  const called = (of) => {
    const known = names.get(of.name)
    if (known) return key(origin(known.file, known.name)) === key(of) ? of.name : undefined
    names.set(of.name, of)
    const from = published(path, of)
    imports.set(from, [...(imports.get(from) ?? []), of.name])
    return of.name
  }
  const edits = []
  const visit = (node) => {
    if (ts.isTypeNode(node) && node.getWidth(source) >= SHORTEST) {
      const same = definitions.get(meaning(path, node))
      const name = same && same.type !== node && called(same)
      if (name) {
        edits.push({ from: node.getStart(source), to: node.end, text: `typeof ${name}` })
        return
      }
    }
    if (isImported(node)) {
      const of = originOf(path, node)
      const name = called(of)
      const usual = name && node.typeArguments?.map((one) => one.getText(source)).join() === defaults(of)
      if (name) edits.push({ from: node.getStart(source), to: usual ? node.end : node.qualifier.end, text: name })
      if (usual) return
    }
    ts.forEachChild(node, visit)
  }
  visit(source)
  // A comment on the file as a whole belongs to nothing that an editor shows.
  const comments = ts.getLeadingCommentRanges(source.text, 0) ?? []
  const [first] = source.statements
  const own = first && (ts.isImportDeclaration(first) || ts.isExportDeclaration(first)) ? 0 : 1
  for (const { pos, end } of comments.slice(0, comments.length - own)) edits.push({ from: pos, to: end + 1, text: '' })
  let text = source.text
  for (const { from, to, text: short } of edits.sort((a, b) => b.from - a.from))
    text = text.slice(0, from) + short + text.slice(to)
  const lines = [...imports].map(([file, list]) => {
    return `import type { ${list.sort().join(', ')} } from '${specifierOf(path, file)}';\n`
  })
  return lines.join('') + text.replace(/^(?: {4})+/gm, (spaces) => '\t'.repeat(spaces.length / 4))
}

for (const path of [...files.keys()]) files.set(path, parse(path, shortened(path)))

/** The statements that declare what an entry exports, and all that these need. */
const kept = new Set()
const seen = new Set()
function keep({ file, name }) {
  if (name === '*') return keepAll(file)
  if (seen.has(`${file}#${name}`) || !files.has(file)) return
  seen.add(`${file}#${name}`)
  const { source, names } = files.get(file)
  const visit = (node) => {
    const of = ts.isIdentifier(node) && names.get(node.text)
    if (of) keep(of.name === '*' ? of : origin(of.file, of.name))
    ts.forEachChild(node, visit)
  }
  for (const statement of source.statements.filter((one) => namesOf(one).includes(name))) {
    kept.add(statement)
    visit(statement)
  }
}
function keepAll(file) {
  const { exported, stars } = files.get(file)
  for (const name of exported.keys()) keep(origin(file, name))
  for (const star of stars) keepAll(star)
}
function namesOf(statement) {
  const list = ts.isVariableStatement(statement) ? statement.declarationList.declarations : [statement]
  return list.flatMap(({ name }) => (name && ts.isIdentifier(name) ? [name.text] : []))
}

/** Whether something that a file exports is needed. */
const isKept = (path, name) => seen.has(key(origin(path, name)))

/** A file without what nobody needs, and its imports without what is then not named. */
function reduced(path) {
  const { source } = files.get(path)
  const used = new Set()
  const note = (node) => {
    if (ts.isIdentifier(node)) used.add(node.text)
    ts.forEachChild(node, note)
  }
  for (const statement of source.statements) {
    if (kept.has(statement)) note(statement)
    if (!ts.isExportDeclaration(statement) || statement.moduleSpecifier) continue
    for (const { name, propertyName } of statement.exportClause?.elements ?? [])
      if (isKept(path, name.text)) used.add((propertyName ?? name).text)
  }
  const merged = mergedImports(path, used)
  const parts = source.statements.map((statement) => {
    const { text } = source
    if (ts.isImportDeclaration(statement)) {
      const bindings = statement.importClause?.namedBindings
      if (bindings && ts.isNamedImports(bindings)) return ''
      return !bindings || used.has(bindings.name.text) ? statement.getText(source) : ''
    }
    if (ts.isExportDeclaration(statement) && statement.exportClause?.elements.length > 0) {
      const list = statement.exportClause.elements
      const left = list.filter((one) => isKept(path, one.name.text)).map((one) => one.getText(source))
      if (left.length === 0) return ''
      return `${text.slice(statement.getStart(source), list.pos)} ${left.join(', ')} ${text.slice(list.end, statement.end).trimStart()}`
    }
    if (namesOf(statement).length > 0 && !kept.has(statement)) return ''
    return text.slice(statement.getFullStart(), statement.end).trim()
  })
  return `${[...merged, ...parts].filter((part) => part !== '').join('\n')}\n`
}

/** What a file imports by name: one statement for each file that it comes from, and as types but for what it exports again. */
function mergedImports(path, used) {
  const { source } = files.get(path)
  const again = new Set()
  for (const statement of source.statements)
    if (ts.isExportDeclaration(statement) && !statement.moduleSpecifier)
      for (const { name, propertyName } of statement.exportClause?.elements ?? [])
        again.add((propertyName ?? name).text)
  const lists = new Map()
  for (const statement of source.statements) {
    const bindings = ts.isImportDeclaration(statement) ? statement.importClause?.namedBindings : undefined
    if (!bindings || !ts.isNamedImports(bindings)) continue
    const file = target(path, statement.moduleSpecifier.text)
    for (const { name, propertyName, isTypeOnly } of bindings.elements) {
      if (!used.has(name.text)) continue
      const of = files.has(file)
        ? origin(file, (propertyName ?? name).text)
        : { file, name: (propertyName ?? name).text }
      const from = files.has(file) ? published(path, of) : file
      const word = again.has(name.text) && !isTypeOnly && !statement.importClause.isTypeOnly ? 'import' : 'import type'
      const specifier = files.has(file) ? specifierOf(path, from) : from
      const start = `${word} {|} from '${specifier}';`
      lists.set(start, [...(lists.get(start) ?? []), of.name === name.text ? of.name : `${of.name} as ${name.text}`])
    }
  }
  return [...lists].map(([start, list]) => start.replace('|', ` ${[...new Set(list)].sort().join(', ')} `))
}

const { exports } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
const entries = Object.values(exports).flatMap(({ types }) => (types ? [join(root, types)] : []))
for (const entry of entries) keepAll(entry)
const texts = new Map([...files.keys()].map((path) => [path, reduced(path)]))

/** The files that an entry needs. */
const needed = new Set()
const need = (path) => {
  if (needed.has(path) || !texts.has(path)) return
  needed.add(path)
  for (const [, specifier] of texts.get(path).matchAll(/(?:from |import\()['"]([^'"]+)['"]/g))
    need(target(path, specifier))
}
entries.forEach(need)

// A line's end ends what stands there, as in the sources: not within a comment.
for (const [path, text] of texts)
  if (needed.has(path))
    writeFileSync(
      path,
      text
        .replace(/^(?!\s*\/?\*)(.*);$/gm, '$1')
        .replace(/\/\*\*\n[\t ]*\* /g, '/** ')
        .replace(/^[\t ]+\*(\/)?[ ]?/gm, (_, end) => (end ? '*/' : '')),
    )
  else rmSync(path)
