/** nlwire docker-driver: the network driver, until it is stopped. */
import { setTimeout as after } from 'node:timers/promises'
import { DockerDriver } from '../../network/docker/driver.js'
import { DriverServer } from '../../network/docker/server.js'
import { DockerState } from '../../network/docker/state.js'
import { say } from '../output/output.js'
import { status } from '../process/failure.js'

export interface DockerDriverCommand {
  readonly socket: string
  readonly stateDir: string
  readonly quiet: boolean
}

/**
 * How long the daemon may take to move a link that it was given just before the driver was started again. What is still
 * where it was then has come back from a container that was removed while there was no driver.
 */
const MOVED_WITHIN_MS = 15_000

/** @returns the exit status, when it was stopped by a signal */
export async function dockerDriverCommand(command: DockerDriverCommand): Promise<number> {
  const stop = new AbortController()
  const stopNow = () => stop.abort()
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, stopNow)
  const log = command.quiet ? () => {} : say
  const driver = new DockerDriver(new DockerState(command.stateDir), undefined, say)
  const server = new DriverServer(driver, log)
  try {
    // First the socket: where another driver has it, the links are that driver's.
    log(`listening on ${await server.listen(command.socket)}`)
    const back = await server.between(() => driver.collect())
    if (back.size > 0) {
      await after(MOVED_WITHIN_MS, undefined, { signal: stop.signal })
      await server.between(() => driver.collectAgain(back))
    }
    await new Promise<void>((resolve) => {
      if (stop.signal.aborted) resolve()
      stop.signal.addEventListener('abort', () => resolve())
    })
  } catch (error) {
    if (!stop.signal.aborted) throw error
  } finally {
    await server.close()
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.off(signal, stopNow)
  }
  return status.done
}
