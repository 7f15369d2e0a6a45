import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { build, createServer, type HotPayload, type InlineConfig, resolveConfig, type ViteDevServer } from 'vite'
import { describe, expect, onTestFinished, test } from 'vitest'
import { rivulet } from '../../src/vite/vite.ts'
import { GAME, GAME_FILES, projectFolder, type ProjectFolder } from '../support/project-folder.ts'

const PAGE = {
  ...GAME_FILES,
  'index.html': '<script type="module" src="/main.ts"></script>',
  'main.ts': "import schema from './schema.json'\nconsole.log(schema)\n",
}

interface Serving extends ProjectFolder {
  readonly server: ViteDevServer
  /** What was sent to pages, in order. */
  readonly sent: readonly HotPayload[]
  readonly lines: readonly string[]
}

/** A real development server, without pages. */
async function serve(files: Readonly<Record<string, string>> = PAGE): Promise<Serving> {
  const project = projectFolder(files)
  const sent: HotPayload[] = []
  const lines: string[] = []
  const note = (line: string): void => void lines.push(line)
  const server = await createServer({
    root: project.root,
    configFile: false,
    server: { port: 0, host: '127.0.0.1' },
    customLogger: {
      hasWarned: false,
      info: note,
      warn: note,
      warnOnce: note,
      error: note,
      clearScreen: () => {},
      hasErrorLogged: () => false,
    },
    plugins: [
      {
        // Before ours, so that it sees what ours sends.
        name: 'overhear',
        configureServer({ ws }) {
          const send = ws.send.bind(ws)
          ws.send = (payload: HotPayload) => {
            sent.push(payload)
            send(payload)
          }
        },
      },
      rivulet(),
    ],
  })
  onTestFinished(() => server.close())
  await server.listen()
  return { ...project, server, sent, lines }
}

const isError = (payload: HotPayload): boolean => payload.type === 'error'

describe('in development', () => {
  test('generates before it serves, and again on a change', async () => {
    const { read, write, lines, server } = await serve()
    expect(read('schema.json')).toContain('XTurn')
    expect(lines).toContain('rivulet: wrote schema.json')
    write('game/board.go', GAME.replace('XTurn', 'OTurn'))
    await expect.poll(() => read('schema.json')).toContain('OTurn')
    await expect.poll(async () => (await server.transformRequest('/schema.json'))?.code).toContain('OTurn')
  })

  test('does not go round in circles: one change, one write', async () => {
    const { write, lines, read } = await serve()
    const wrote = (): number => lines.filter((line) => line === 'rivulet: wrote schema.json').length
    expect(wrote()).toBe(1)
    write('game/board.go', GAME.replace('XTurn', 'OTurn'))
    await expect.poll(wrote).toBe(2)
    // The schema file lies in a folder that is watched: a second change shows that its own write started nothing that wrote again.
    write('game/board.go', GAME.replace('XTurn', 'NextTurn'))
    await expect.poll(() => read('schema.json')).toContain('NextTurn')
    expect(wrote()).toBe(3)
  })

  test('a page whose generated module changes reloads; other modules go on being exchanged', async () => {
    const { write, sent, read, server } = await serve({
      ...PAGE,
      'main.ts': "import { Board } from './board.ts'\nconsole.log(Board)\nimport.meta.hot?.accept()\n",
      'board.ts': "export { BoardStore as Board } from './src/generated/PackageGame.ts'\n",
    })
    const kinds = (): readonly string[] => sent.map(({ type }) => type)
    const loaded = async (): Promise<string | undefined> => {
      for (const path of ['/main.ts', '/board.ts']) await server.transformRequest(path)
      return (await server.transformRequest('/src/generated/PackageGame.ts'))?.code
    }
    expect(await loaded()).toContain('xTurn')
    write('game/board.go', GAME.replace('XTurn', 'OTurn'))
    await expect.poll(() => read('src/generated/PackageGame.ts')).toContain('oTurn')
    await expect.poll(kinds).toContain('full-reload')
    expect(kinds()).not.toContain('update')
    expect(await loaded()).toContain('oTurn')

    write('board.ts', "export { BoardStore as Board, types } from './src/generated/PackageGame.ts'\n")
    await expect.poll(kinds).toContain('update')
    expect(kinds().filter((kind) => kind === 'full-reload')).toHaveLength(1)
  })

  test('shows errors over the page, also over one that comes later, and takes them away', async () => {
    const { root, write, sent, read, server } = await serve()
    write('game/board.go', GAME.replace('bool  ', 'bolt  '))
    const file = join(root, 'game/board.go')
    await expect
      .poll(() => sent.findLast(isError))
      .toMatchObject({
        type: 'error',
        err: { plugin: 'rivulet', id: file, loc: { file, line: 6, column: 8 } },
      })
    expect(read('schema.json')).toContain('XTurn')

    const address = server.httpServer?.address() as AddressInfo | undefined
    const page = new WebSocket(`ws://127.0.0.1:${address?.port}/?token=${server.config.webSocketToken}`, 'vite-hmr')
    const heard: string[] = []
    page.addEventListener('message', ({ data }) => heard.push(String(data)))
    onTestFinished(() => page.close())
    await expect.poll(() => heard.join()).toContain('"type":"error"')

    write('game/board.go', GAME)
    await expect.poll(() => heard.join()).toContain('"type":"full-reload"')
  })

  test('a configuration that cannot work is shown, and mended without a restart', async () => {
    const { write, sent, read } = await serve()
    write('rivulet.config.json', '{ "schema": 1 }')
    await expect.poll(() => JSON.stringify(sent.filter(isError))).toContain('schema is not a text')
    write('rivulet.config.json', '{ "schema": "made/schema.json" }')
    await expect.poll(() => sent.at(-1)?.type).toBe('full-reload')
    expect(read('made/schema.json')).toContain('XTurn')
  })
})

describe('in a build', () => {
  const options = (root: string) => ({
    root,
    configFile: false as const,
    logLevel: 'silent' as const,
    plugins: [rivulet()],
    build: { write: false },
  })

  test('generates first', async () => {
    const { root, read } = projectFolder(PAGE)
    await build(options(root))
    expect(read('schema.json')).toContain('XTurn')
  })

  test('fails with what is wrong in the sources', async () => {
    const { root } = projectFolder({ ...PAGE, 'game/board.go': GAME.replace('bool  ', 'bolt  ') })
    await expect(build(options(root))).rejects.toThrow(/game\/board\.go:6:8: error unknown-type/)
  })
})

describe('workers', () => {
  const formatOf = async (worker?: { format: 'es' | 'iife' }): Promise<string> => {
    const inline: InlineConfig = { configFile: false, plugins: [rivulet()], ...(worker && { worker }) }
    return (await resolveConfig(inline, 'build')).worker.format
  }

  test('are modules, which can load parts of themselves, unless the configuration says otherwise', async () => {
    expect(await formatOf()).toBe('es')
    expect(await formatOf({ format: 'iife' })).toBe('iife')
  })
})
