// `npm run interop`: our client and our host against real ReStream peers. What cannot run here says so, with the reason.
import { main, UserError } from '../scripts/lib/fail.mjs'
import { ensureBrowser } from '../scripts/lib/install-browser.mjs'
import { ensureInstalled } from '../scripts/lib/install.mjs'
import { modernNode, toolEnv } from '../scripts/lib/modern-node.mjs'
import { run } from '../scripts/lib/run.mjs'
import { runCaptured } from '../scripts/lib/run-captured.mjs'
import { toolEntry } from '../scripts/lib/tools.mjs'
import { goLibrary } from './src/go-library.mjs'

/** What replays bytes and conversations of the real Go programs, and what puts the stock Socket.IO client on our host. */
const SUITES = [
  'packages/wire/test/values.node.test.ts',
  'packages/wire/test/delta-vectors.node.test.ts',
  'packages/wire/test/hostile.node.test.ts',
  'interop/test/',
]

// Faults of networks and hosts are no matter of other peers; `npm test` has them.
const FILTERS = ['--project', 'node', '--exclude', 'interop/test/faults/**', ...SUITES]

/** Vitest is content when one of several filters finds a file; a suite that was moved away must not go unnoticed. */
async function requireSuites() {
  const { code, output } = await runCaptured(modernNode(), [toolEntry('vitest'), 'list', '--filesOnly', ...FILTERS], {
    env: toolEnv(),
  })
  if (code !== 0) throw new UserError(`the suites cannot be listed:\n${output}`)
  const gone = SUITES.filter((suite) => !output.includes(suite))
  if (gone.length > 0) throw new UserError(`no test is at ${gone.join(', ')}. Correct SUITES in interop/run.mjs.`)
}

const USAGE = 'npm run interop [-- --server http://localhost:8080]'

/** A tic-tac-toe server to test with, from the command line. */
function serverFrom(args) {
  if (args.length === 0) return undefined
  const [flag, url] = args
  if (flag !== '--server' || args.length !== 2 || !URL.canParse(url)) throw new UserError(`Usage: ${USAGE}`)
  return new URL(url).origin
}

await main(async () => {
  const server = serverFrom(process.argv.slice(2))
  await ensureInstalled()
  await ensureBrowser()
  await requireSuites()
  console.log(
    'interop: golden bytes and recorded conversations of the real Go programs; stock socket.io-client on our host',
  )
  const code = await run(modernNode(), [toolEntry('vitest'), 'run', ...FILTERS], {
    env: { ...toolEnv(), ...(server === undefined ? {} : { RIVULET_GAME_SERVER: server }) },
  })

  const library = await goLibrary()
  if (server !== undefined) console.log(`interop: played on the live server ${server}`)
  else if (library.version === undefined) console.log(`interop: live Go server NOT RUN: ${library.reason}`)
  else
    console.log(
      `interop: live Go server NOT RUN: start the tic-tac-toe server of the Go library (${library.version}), then ${USAGE}`,
    )
  if (library.noGo === true && process.env.CI === 'true')
    throw new UserError('CI has to have Go: without it nobody looks for live Go servers.')
  return code
})
