import { setTimeout as sleep } from 'node:timers/promises'
import { startStudioHost } from './start-studio-host.ts'

const port = Number(process.env['PORT'] ?? 8080)
// WORK_MS=500 makes a slow host, to see how pages hold back.
const workMs = Number(process.env['WORK_MS'] ?? 0)
const studio = startStudioHost({ port, ...(workMs > 0 ? { work: () => sleep(workMs) } : {}) })

try {
  console.log(`listening on http://localhost:${await studio.host.listening}/socket`)
} catch (error) {
  console.error(error instanceof Error ? error.message : error)
  process.exitCode = 1
  await studio.close()
}

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.once(signal, () => void studio.close().then(() => process.exit()))
}
