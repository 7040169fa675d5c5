/** What an editor shows of the built package: the language service of TypeScript, as editors run it. */
import { join } from 'node:path'
import ts from 'typescript-5.9'
import { root } from '../support/fixtures.js'
import { consumerOptions } from './api.js'

/** A name that can be completed, and its documentation. */
export interface Completion {
  readonly name: string
  readonly documentation: string
}

/** An editor with a file open. Places in it are comments with a name, before what they mean. */
export class Editor {
  readonly #text: string
  // Within the package, so that it finds itself by its name.
  readonly #file = join(root, 'dist/editor.ts')
  readonly #service: ts.LanguageService

  constructor(text: string) {
    this.#text = text
    this.#service = ts.createLanguageService({
      getScriptFileNames: () => [this.#file],
      getScriptVersion: () => '1',
      getScriptSnapshot: (name) => {
        const content = name === this.#file ? text : ts.sys.readFile(name)
        return content === undefined ? undefined : ts.ScriptSnapshot.fromString(content)
      },
      getCurrentDirectory: () => root,
      getCompilationSettings: () => consumerOptions,
      getDefaultLibFileName: ts.getDefaultLibFilePath,
      fileExists: ts.sys.fileExists,
      readFile: ts.sys.readFile,
      readDirectory: ts.sys.readDirectory,
      directoryExists: ts.sys.directoryExists,
      getDirectories: ts.sys.getDirectories,
    })
  }

  /** What is wrong with the file. */
  get errors(): string[] {
    return this.#service
      .getSemanticDiagnostics(this.#file)
      .map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, '\n'))
  }

  /** What is shown where the mouse rests on a place: the type, and the documentation. */
  hover(place: string): { readonly type: string; readonly documentation: string } {
    const info = this.#service.getQuickInfoAtPosition(this.#file, this.#at(place))
    return {
      type: ts.displayPartsToString(info?.displayParts),
      documentation: ts.displayPartsToString(info?.documentation),
    }
  }

  /** What can be written at a place. */
  completions(place: string): Completion[] {
    const at = this.#at(place)
    const { entries } = this.#service.getCompletionsAtPosition(this.#file, at, {})!
    return entries.map(({ name }) => {
      const details = this.#service.getCompletionEntryDetails(this.#file, at, name, {}, undefined, {}, undefined)
      return { name, documentation: ts.displayPartsToString(details?.documentation) }
    })
  }

  #at(place: string): number {
    const mark = `/*${place}*/`
    const at = this.#text.indexOf(mark)
    if (at < 0) throw new Error(`no place ${mark}`)
    return at + mark.length
  }
}
