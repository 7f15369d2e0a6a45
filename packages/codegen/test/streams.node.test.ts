import { frameUnit, encodeUnit } from '@rivulet/wire'
import { describe, expect, test } from 'vitest'
import {
  compareSchemas,
  emitGo,
  emitHooks,
  emitJson,
  emitTypeScript,
  parseSchema,
  type SchemaModel,
} from '../src/index.ts'
import { COMPILER_TIME, importEmitted, typeErrors, writeEmitted } from './support/emitted.ts'
import { cli, projectFolder } from './support/project-folder.ts'
import { readTs } from './support/read-ts.ts'
import { modelWith, packageWith } from './support/small-model.ts'

const SOURCE = `
/** @restream.store(Cameras) */
interface CameraStoreState { readonly names: readonly string[] }
/** @restream.stream(Cameras) */
interface Camera {
  /** What the camera sees. */
  video(key: string): Uint8Array
  sound(key: string): Uint8Array
}`

const model = (): SchemaModel => readTs(SOURCE).model

describe('the module of a package with streams', () => {
  test('has a descriptor for each', async () => {
    const [file] = emitTypeScript(model())
    expect(file?.text).toContain(
      [
        '/** What the camera sees. */',
        'export const CameraVideo: StreamDef = {',
        "  kind: 'stream',",
        "  store: 'Cameras',",
        "  name: 'Camera.Video',",
        '}',
      ].join('\n'),
    )
    expect(file?.text).toContain('/** The stream "Camera.Sound" of the store "Cameras". */')
    const { CameraSound } = await importEmitted(writeEmitted(emitTypeScript(model())), 'PackageSchema.ts')
    expect(CameraSound).toEqual({ kind: 'stream', store: 'Cameras', name: 'Camera.Sound' })
  })

  test('is there for a package with nothing else', () => {
    const only = modelWith(packageWith('eyes', { streams: [{ name: 'Video', store: 'Cameras' }] }))
    expect(emitTypeScript(only).map(({ path }) => path)).toEqual(['PackageEyes.ts'])
    expect(emitHooks(only).map(({ path }) => path)).toEqual(['PackageEyesHooks.ts'])
  })

  test('gives each a name of its own, whatever else is called so', async () => {
    const same = modelWith(
      packageWith('eyes', {
        consts: [{ name: 'CameraVideo', value: 1, origin: 'const' }],
        streams: [
          { name: 'Camera.Video', store: 'A' },
          { name: 'Camera.Video', store: 'B' },
        ],
      }),
    )
    const module = await importEmitted(writeEmitted(emitTypeScript(same)), 'PackageEyes.ts')
    expect(Object.entries(module)).toEqual([
      ['CameraVideo', 1],
      ['CameraVideoStream', { kind: 'stream', store: 'A', name: 'Camera.Video' }],
      ['BCameraVideo', { kind: 'stream', store: 'B', name: 'Camera.Video' }],
    ])
  })
})

describe('hooks', () => {
  test('hand the stream and what is asked of it on to useDataStream', async () => {
    const stub = ['useStore', 'useStoreStatus', 'useDataStream']
      .map((name) => `export const ${name} = (...args: unknown[]): unknown => ['${name}', ...args]`)
      .join('\n')
    const hooks = emitHooks(model(), { hooksFrom: './stub.ts' })
    const folder = writeEmitted([...emitTypeScript(model()), ...hooks, { path: 'stub.ts', text: stub }])
    const { CameraVideo } = await importEmitted(folder, 'PackageSchema.ts')
    const { useCameraVideo } = (await importEmitted(folder, 'PackageSchemaHooks.ts')) as Readonly<
      Record<string, (...args: unknown[]) => unknown>
    >
    const options = { onUnit: () => undefined }
    expect(useCameraVideo?.('bow', options)).toEqual(['useDataStream', CameraVideo, 'bow', options])
    expect(useCameraVideo?.(null)).toEqual(['useDataStream', CameraVideo, null, undefined])
  })

  test('are typed as useDataStream is', { timeout: COMPILER_TIME }, () => {
    const use = [
      "import { useCameraVideo } from './PackageSchemaHooks.ts'",
      'export function useBow(): string {',
      "  const { state } = useCameraVideo('bow', { onUnit: (unit, { lost }) => void [unit.payload.byteLength, lost] })",
      '  // @ts-expect-error -- keys are texts',
      '  useCameraVideo(7)',
      '  // @ts-expect-error -- no such option',
      "  useCameraVideo('bow', { onUnits: () => undefined })",
      '  return useCameraVideo(null).state + state',
      '}',
    ].join('\n')
    const only = modelWith(packageWith('eyes', { streams: [{ name: 'Video', store: 'Cameras' }] }))
    const modules = [model(), only].flatMap((one) => [...emitTypeScript(one), ...emitHooks(one)])
    const files = [...modules, { path: 'use.ts', text: use }]
    expect(typeErrors(writeEmitted(files))).toBe('')
  })

  test('of a package without streams do not ask for useDataStream', () => {
    const without = readTs('/** @restream.store(Cameras) */ interface CameraStoreState { a: string }').model
    expect(emitHooks(without).map(({ text }) => text.includes('DataStream'))).toEqual([false])
  })
})

test('the schema file has them, in an order of their own', () => {
  const { text } = emitJson(model())
  expect(parseSchema(text, 'schema.json').packages[0]?.streams).toEqual([
    { name: 'Camera.Sound', store: 'Cameras' },
    { name: 'Camera.Video', store: 'Cameras' },
  ])
})

test('Go packages are written without them: a host’s broker knows its streams', () => {
  const texts = emitGo(model(), { importPath: 'example.com/eyes' }).map(({ text }) => text)
  expect(texts).toHaveLength(1)
  expect(texts[0]).not.toMatch(/Video|Sound/)
})

describe('compared', () => {
  const edited = (from: string, to: string): readonly string[] =>
    compareSchemas(model(), readTs(SOURCE.replace(from, to)).model).map(
      ({ severity, code, subject }) => `${severity} ${code} ${subject}`,
    )

  test.each([
    ['nothing', 'names', 'names', []],
    ['one less', '  sound(key: string): Uint8Array\n', '', ['breaks-old-readers stream-removed Cameras/Camera.Sound']],
    ['one more', '  sound', '  depth(key: string): Uint8Array\n  sound', ['safe stream-added Cameras/Camera.Depth']],
    [
      'another name',
      'sound(',
      'noise(',
      ['breaks-old-readers stream-removed Cameras/Camera.Sound', 'safe stream-added Cameras/Camera.Noise'],
    ],
  ])('%s', (_, from, to, expected) => {
    expect(edited(from, to)).toEqual(expected)
  })

  test('says what happens to whom, and where a new one is', () => {
    const gone = compareSchemas(model(), readTs(SOURCE.replace(/ {2}sound.*\n/, '')).model)
    expect(gone[0]?.effects).toEqual([
      { peers: 'old page with new host', what: 'Cameras/Camera.Sound cannot be opened' },
    ])
    const added = compareSchemas(readTs(SOURCE.replace(/ {2}sound.*\n/, '')).model, model())
    expect(added[0]?.at).toEqual({ file: 'schema/main.ts', line: 9, column: 3 })
  })

  test('one that moves to another store is another one', () => {
    const two = `${SOURCE}\n/** @restream.store(Other) */ interface OtherState { a: string }`
    const findings = compareSchemas(
      readTs(two).model,
      readTs(two.replace('@restream.stream(Cameras)', '@restream.stream(Other)')).model,
    )
    expect(findings.map(({ code, subject }) => `${code} ${subject}`)).toEqual([
      'stream-removed Cameras/Camera.Sound',
      'stream-removed Cameras/Camera.Video',
      'stream-added Other/Camera.Sound',
      'stream-added Other/Camera.Video',
    ])
  })
})

test('a project in TypeScript: generated, inspected, checked', async () => {
  const { root, read, write } = projectFolder({
    'rivulet.config.json': JSON.stringify({
      source: 'typescript',
      inputDirs: ['schema'],
      outputs: [{ emit: 'typescript' }, { emit: 'hooks' }],
    }),
    'schema/eyes.ts': SOURCE.trim(),
  })
  expect((await cli(root, 'generate')).code).toBe(0)
  expect(read('src/generated/PackageSchemaHooks.ts')).toContain('useCameraSound')
  const unit = frameUnit({
    streamID: 'bow',
    format: 'h264',
    generation: 1n,
    sequence: 2n,
    timestamp: 3n,
    frameID: 4n,
    payload: Uint8Array.of(5),
  })
  const hex = Buffer.from(encodeUnit(unit)).toString('hex')
  const inspected = await cli(root, 'inspect', hex, '--stream', 'Camera.Video')
  expect(inspected.code).toBe(0)
  expect(inspected.out).toMatch(/60 +62 6f 77 +Camera\.Video\.streamID +text = "bow"/)
  expect(await cli(root, 'inspect', hex.slice(2), '--stream', 'Camera.Video')).toMatchObject({
    code: 1,
    err: expect.stringContaining('malformed'),
  })
  expect(await cli(root, 'inspect', hex, '--stream', 'Camera.Sond')).toMatchObject({
    code: 2,
    err: expect.stringContaining('There is Camera.Sound, Camera.Video'),
  })
  write('schema/eyes.ts', SOURCE.trim().replace(/ {2}sound.*\n/, ''))
  expect(await cli(root, 'check')).toMatchObject({
    code: 1,
    out: expect.stringContaining('breaks-old-readers stream-removed: the stream Cameras/Camera.Sound is gone'),
  })
})
