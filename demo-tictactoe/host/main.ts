import { startGameHost } from './start-game-host.ts'

const port = Number(process.env['PORT'] ?? 8080)
const game = startGameHost({ port })

try {
  console.log(`listening on http://localhost:${await game.host.listening}/socket`)
} catch (error) {
  console.error(error instanceof Error ? error.message : error)
  process.exitCode = 1
  await game.close()
}

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.once(signal, () => void game.close().then(() => process.exit()))
}
