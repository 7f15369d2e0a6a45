import { spawnSync, type SpawnSyncOptionsWithStringEncoding } from 'node:child_process'

/** Runs one of Go's tools. Throws a text that says what to do where there is no Go: a second opinion that nobody gave would pass for one. */
function runGo(
  command: 'go' | 'gofmt',
  args: readonly string[],
  options: Omit<SpawnSyncOptionsWithStringEncoding, 'encoding'>,
) {
  const result = spawnSync(command, [...args], { ...options, encoding: 'utf8' })
  if (result.error !== undefined)
    throw new Error(`This test asks ${command}, which does not start: install Go 1.23 or newer (https://go.dev/dl).`, {
      cause: result.error,
    })
  return result
}

/** The text as gofmt formats it; throws what gofmt says when it does not accept it. */
export function gofmt(text: string): string {
  const { status, stdout, stderr } = runGo('gofmt', ['-e'], { input: text })
  if (status !== 0) throw new Error(stderr)
  return stdout
}

/** What `go vet ./...` says in a folder; empty when it is content. Nothing is downloaded. */
export function goVet(folder: string): string {
  const env = { ...process.env, GOFLAGS: '-mod=mod', GOPROXY: 'off', GOWORK: 'off', GOTOOLCHAIN: 'local' }
  const { status, stderr } = runGo('go', ['vet', './...'], { cwd: folder, env })
  return status === 0 ? '' : stderr
}
