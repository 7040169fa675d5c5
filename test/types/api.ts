/** What the entries of the package export, and which types their declarations name. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import ts from 'typescript-5.9'
import { root } from '../support/fixtures.js'

/** How a consumer compiles, without output. */
export const consumerOptions: ts.CompilerOptions = {
  strict: true,
  exactOptionalPropertyTypes: true,
  target: ts.ScriptTarget.ES2022,
  lib: ['lib.es2023.d.ts', 'lib.esnext.disposable.d.ts'],
  module: ts.ModuleKind.NodeNext,
  moduleResolution: ts.ModuleResolutionKind.NodeNext,
  types: ['node'],
  noEmit: true,
  skipLibCheck: true,
}

interface PackageJson {
  readonly name: string
  readonly exports: Readonly<Record<string, string | { readonly types: string }>>
}

/** The entries by what one imports, and the declarations of each. */
export function entries(): ReadonlyMap<string, string> {
  const { name, exports } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as PackageJson
  return new Map(
    Object.entries(exports).flatMap(([path, target]) =>
      typeof target === 'string' ? [] : [[name + path.slice(1), join(root, target.types)]],
    ),
  )
}

/** One exported thing, and the types of this package that its declarations name. */
export interface Exported {
  readonly name: string
  readonly symbol: ts.Symbol
  /** The file that declares it, from the root of the package. */
  readonly file: string
  readonly named: readonly ts.Symbol[]
  /** Whether it is worked out from others, and has a name so that nobody need name these. */
  readonly derived: boolean
}

/** Whether a type is there to work out another one, which has a name of its own. */
const isHelper = (symbol: ts.Symbol, user: ts.Node): boolean =>
  (ts.isTypeAliasDeclaration(user) || ts.isInterfaceDeclaration(user)) &&
  symbol.declarations!.every(
    (one) => ts.isTypeAliasDeclaration(one) && (one.typeParameters !== undefined || !isExported(one)),
  )
const isDerived = (node: ts.Declaration) =>
  ts.isTypeAliasDeclaration(node) || (ts.isInterfaceDeclaration(node) && node.members.length === 0)
const isExported = (node: ts.Declaration) => (ts.getCombinedModifierFlags(node) & ts.ModifierFlags.Export) !== 0

const declarations = join(root, 'dist/src/')

/** What each entry exports. */
export function exportsOf(files: ReadonlyMap<string, string>): ReadonlyMap<string, readonly Exported[]> {
  const program = ts.createProgram([...files.values()], consumerOptions)
  const checker = program.getTypeChecker()
  const real = (symbol: ts.Symbol) => (symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol)
  const fileOf = (symbol: ts.Symbol) => symbol.declarations?.[0]?.getSourceFile().fileName ?? ''
  const namedIn = (symbol: ts.Symbol, typeOnly: boolean): ts.Symbol[] => {
    const found = new Set<ts.Symbol>()
    const visit = (node: ts.Node, user: ts.Node): void => {
      if (ts.isPropertyDeclaration(node) && ts.isPrivateIdentifier(node.name)) return
      // Nobody else can call the constructor of what is exported as a type.
      if (ts.isConstructorDeclaration(node) && typeOnly) return
      const name = nameIn(node)
      const named = name && checker.getSymbolAtLocation(name)
      if (named) {
        const target = real(named)
        const isType = target.flags & ts.SymbolFlags.Type && !(target.flags & ts.SymbolFlags.TypeParameter)
        if (isType && fileOf(target).startsWith(declarations) && !isHelper(target, user)) found.add(target)
      }
      ts.forEachChild(node, (child) => visit(child, user))
    }
    for (const declaration of symbol.declarations ?? []) visit(declaration, declaration)
    return [...found]
  }
  const isTypeOnly = (symbol: ts.Symbol) =>
    symbol.declarations?.some((one) => ts.isExportSpecifier(one) && ts.isTypeOnlyExportDeclaration(one)) === true
  return new Map(
    [...files].map(([entry, file]) => {
      const module = checker.getSymbolAtLocation(program.getSourceFile(file)!)!
      const all = checker.getExportsOfModule(module).map((one) => {
        const symbol = real(one)
        return {
          name: one.name,
          symbol,
          file: fileOf(symbol).slice(declarations.length),
          named: namedIn(symbol, isTypeOnly(one)),
          derived: symbol.declarations?.every(isDerived) === true,
        }
      })
      return [entry, all]
    }),
  )
}

/** The name of a type where a declaration refers to one. */
function nameIn(node: ts.Node): ts.Node | undefined {
  if (ts.isTypeReferenceNode(node)) return node.typeName
  if (ts.isExpressionWithTypeArguments(node)) return node.expression
  if (ts.isTypeQueryNode(node)) return node.exprName
  if (ts.isImportTypeNode(node)) return node.qualifier
  return undefined
}
