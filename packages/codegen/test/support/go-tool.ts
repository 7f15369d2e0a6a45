import { spawnSync } from 'node:child_process'

function runs(command: string, args: readonly string[]): boolean {
  return spawnSync(command, args).status === 0
}

/** Whether Go's own tools are on this machine: some tests ask them for a second opinion. */
export const hasGo: boolean = runs('go', ['version']) && spawnSync('gofmt', ['-h']).error === undefined

if (!hasGo)
  console.warn('Go is not on this machine: the tests that ask gofmt and go vet for a second opinion do not run.')

/** The text as gofmt formats it; throws what gofmt says when it does not accept it. */
export function gofmt(text: string): string {
  const { status, stdout, stderr } = spawnSync('gofmt', ['-e'], { input: text, encoding: 'utf8' })
  if (status !== 0) throw new Error(stderr)
  return stdout
}

/** What `go vet ./...` says in a folder; empty when it is content. */
export function goVet(folder: string): string {
  const { status, stderr } = spawnSync('go', ['vet', './...'], {
    cwd: folder,
    encoding: 'utf8',
    env: { ...process.env, GOFLAGS: '-mod=mod', GOPROXY: 'off', GOWORK: 'off' },
  })
  return status === 0 ? '' : stderr
}
