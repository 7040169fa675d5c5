/** What a command is given by whoever runs it: where its input, output and messages are, and its environment. */

/** Where output goes. */
export type OutputStream = NodeJS.WritableStream & {
  readonly isTTY?: boolean
  readonly columns?: number
  readonly writableLength?: number
}

/** Where input comes from. */
export type InputStream = AsyncIterable<Uint8Array>

/** The surroundings of one command: those of the process are `process` itself. */
export interface Streams {
  readonly stdin: InputStream
  readonly stdout: OutputStream
  readonly stderr: OutputStream
  readonly env: NodeJS.ProcessEnv
}

/** Those of the command that runs. One runs at a time in a process: see `perform`. */
export let streams: Streams = process

/** Gives the next command its surroundings. */
export function useStreams(given: Streams): void {
  streams = given
}
