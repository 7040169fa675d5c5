/** How the command ends when it cannot do what it was asked: one clear sentence and an exit status. */

/** The exit statuses of the command. */
export const status = { done: 0, refused: 1, wrong: 2, differ: 3 } as const

/** The command line or the input is wrong. Printed as one sentence, without a stack trace. */
export class Failure extends Error {
  override readonly name = 'Failure'
  readonly status: number
  constructor(message: string, exitStatus: number = status.wrong) {
    super(message)
    this.status = exitStatus
  }
}
