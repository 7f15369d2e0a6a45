import { join } from 'node:path'
import { runDevServers } from '../../scripts/lib/dev-servers.mjs'

process.exitCode = await runDevServers({ folder: join(import.meta.dirname, '..'), title: 'Tic-tac-toe' })
