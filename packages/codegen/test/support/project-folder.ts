import { type ChildProcessWithoutNullStreams, execFileSync, spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { onTestFinished } from 'vitest'
import { runCli } from '../../src/cli/run.ts'
import { modernNode } from '../../../../scripts/lib/modern-node.mjs'

/** A project in a folder of its own, removed after the test. */
export interface ProjectFolder {
  readonly root: string
  readonly write: (path: string, text: string) => void
  readonly read: (path: string) => string
  /** Runs git; returns what it prints. */
  readonly git: (...args: string[]) => string
}

/** The sources of a small game. */
export const GAME = `package game

// @restream.partials
type BoardStoreState struct {
	// MAXFIELD(2)
	XTurn bool             \`restream:",fID=1"\`
	Cells map[string]uint8 \`restream:",fID=2"\`
}

// @restream.store(Board)
type BoardStore struct{}

func (b *BoardStore) GetMinimumAccessLevel() restream.AccessLevel { return 0 }
`

/** {@link GAME} as a whole project. */
export const GAME_FILES: Readonly<Record<string, string>> = {
  'go.mod': 'module example.com/game\n',
  'restream.yaml': 'inputDirs:\n  - game\n',
  'game/board.go': GAME,
}

/** Makes a folder with these files. */
export function projectFolder(files: Readonly<Record<string, string>> = GAME_FILES): ProjectFolder {
  const root = mkdtempSync(join(tmpdir(), 'rivulet-cli-'))
  onTestFinished(() => rmSync(root, { recursive: true, force: true }))
  const write = (path: string, text: string): void => {
    mkdirSync(dirname(join(root, path)), { recursive: true })
    writeFileSync(join(root, path), text)
  }
  for (const [path, text] of Object.entries(files)) write(path, text)
  const identity = ['-c', 'user.name=test', '-c', 'user.email=test@example.com', '-c', 'commit.gpgsign=false']
  return {
    root,
    write,
    read: (path) => readFileSync(join(root, path), 'utf8'),
    git: (...args) => execFileSync('git', [...identity, ...args], { cwd: root, encoding: 'utf8', stdio: 'pipe' }),
  }
}

const entry = fileURLToPath(new URL('start-cli.mjs', import.meta.url))

/** Starts `rivulet` as a process of its own. */
export function startCli(cwd: string, args: readonly string[]): ChildProcessWithoutNullStreams {
  const child = spawn(modernNode(), ['--conditions=rivulet-source', entry, ...args], { cwd })
  onTestFinished(() => void child.kill('SIGKILL'))
  return child
}

/** What a finished process leaves behind. */
export interface Finished {
  readonly code: number | null
  readonly out: string
  readonly err: string
}

/** Runs a command line in this process, which takes a fraction of the time. */
export async function cli(cwd: string, ...args: string[]): Promise<Finished> {
  const texts = { out: '', err: '' }
  const code = await runCli(args, {
    cwd,
    out: (line) => (texts.out += `${line}\n`),
    err: (line) => (texts.err += `${line}\n`),
    colors: false,
    input: () => Promise.resolve(''),
    signal: new AbortController().signal,
  })
  return { code, ...texts }
}

/** Runs `rivulet` as a process of its own, to its end. */
export async function cliProcess(cwd: string, ...args: string[]): Promise<Finished> {
  const child = startCli(cwd, args)
  child.stdin.end()
  return await finished(child)
}

/** Waits for a process to end. */
export async function finished(child: ChildProcessWithoutNullStreams): Promise<Finished> {
  const texts = { out: '', err: '' }
  child.stdout.on('data', (part: Buffer) => (texts.out += part.toString()))
  child.stderr.on('data', (part: Buffer) => (texts.err += part.toString()))
  const code = await new Promise<number | null>((done) => child.on('close', done))
  return { code, ...texts }
}
