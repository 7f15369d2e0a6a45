import { startRadioHost } from './start-radio-host.ts'

const port = Number(process.env['PORT'] ?? 8080)
const radio = startRadioHost({ port })

try {
  console.log(`listening on http://localhost:${await radio.host.listening}/socket`)
} catch (error) {
  console.error(error instanceof Error ? error.message : error)
  process.exitCode = 1
  await radio.close()
}

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.once(signal, () => void radio.close().then(() => process.exit()))
}
