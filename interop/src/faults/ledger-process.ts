// Runs a ledger in a process of its own, so that it can be killed and its memory measured. Started by `startLedgerProcess`.
import { setImmediate as nextTurn } from 'node:timers/promises'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { openLedger } from './ledger-host.ts'
import type { LedgerCommand, LedgerNews } from './start-ledger-process.ts'

setFlagsFromString('--expose-gc')
const collect = runInNewContext('gc') as () => void

const ledger = await openLedger(JSON.parse(process.argv[2] ?? '{}'))
let ticker: NodeJS.Timeout | undefined

function tell(news: LedgerNews): void {
  process.send?.(news)
}

/** Steps `perSecond` times a second on average, however late the timer is. */
function tick({ perSecond, rows, noteBytes, most }: Extract<LedgerCommand, { do: 'tick' }>): void {
  clearInterval(ticker)
  if (perSecond === 0) return
  const began = performance.now()
  let done = 0
  ticker = setInterval(() => {
    const due = Math.min(most, Math.floor(((performance.now() - began) / 1000) * perSecond))
    // A host that fell behind catches up in portions, so that it still answers.
    for (const end = Math.min(due, done + 100); done < end; done++) ledger.step(rows, noteBytes)
    if (done < most) return
    clearInterval(ticker)
  }, 5)
}

process.on('message', (command: LedgerCommand) => {
  if (command.do === 'tick') tick(command)
  else if (command.do === 'step') ledger.step(command.rows, command.noteBytes)
  else void report()
})

async function report(): Promise<void> {
  // What the first collection finds is freed in the background.
  collect()
  await nextTurn()
  collect()
  const { heapUsed, external } = process.memoryUsage()
  tell({
    kind: 'report',
    state: ledger.store.state,
    health: { plain: ledger.hosts.plain.health(), sessions: ledger.hosts.sessions.health() },
    bytes: heapUsed + external,
  })
}

// Without whoever started it nobody would ever stop it.
process.once('disconnect', () => process.exit())
tell({ kind: 'open', ports: ledger.ports })
