/** What the Docker driver refuses: the daemon shows the message to whoever typed the command. */
import { NetlinkError } from '../../netlink/errors.js'

export class DockerDriverError extends NetlinkError {
  override readonly name = 'DockerDriverError'
  readonly code = 'ERR_DOCKER_DRIVER'
}
