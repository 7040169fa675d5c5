// Removes compiled output, so that a test whose source is gone does not go on running.
import { rmSync } from 'node:fs'

rmSync(new URL('../dist', import.meta.url), { recursive: true, force: true })
