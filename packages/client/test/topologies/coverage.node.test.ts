import { readdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import * as index from '../../src/index.ts'
import type { Member, Surface } from './case.ts'
import { cases } from './cases/all.ts'
import { topologyNames } from './topologies.ts'

// The compiler sees to it that nothing public is missing here: a new method or option of the client fails the type check until it is listed, and this test until a case covers it.
const surface: { readonly [K in keyof Surface]: Readonly<Record<Surface[K], true>> } = {
  Client: {
    store: true,
    stores: true,
    call: true,
    send: true,
    on: true,
    stream: true,
    connection: true,
    mode: true,
    connect: true,
    disconnect: true,
    dispose: true,
  },
  PageStore: {
    def: true,
    client: true,
    get: true,
    subscribe: true,
    status: true,
    statusError: true,
    loaded: true,
    ready: true,
    version: true,
    initial: true,
    subscribeStatus: true,
    list: true,
  },
  DataStream: { def: true, key: true, status: true, post: true, close: true },
  ClientOptions: {
    url: true,
    path: true,
    transports: true,
    auth: true,
    authenticate: true,
    authenticateTimeoutMs: true,
    delivery: true,
    worker: true,
    tabs: true,
    identity: true,
    callTimeoutMs: true,
    graceMs: true,
    reconnect: true,
    sessions: true,
    offline: true,
    autoConnect: true,
    onError: true,
    devtools: true,
    workerStartTimeoutMs: true,
  },
  SessionOptions: { attachTimeoutMs: true, trustResume: true },
  CallOptions: { timeoutMs: true, signal: true, optimistic: true },
  StreamOptions: { onUnit: true, onMessage: true, onStart: true, maxUnits: true, maxBytes: true, maxSilenceMs: true },
  KeysOptions: { where: true, orderBy: true, direction: true, collation: true, offset: true, limit: true },
  Condition: { field: true, op: true, value: true },
  index: {
    createClient: true,
    asOrigin: true,
    observationOf: true,
    askInitial: true,
    createKeys: true,
    createSelection: true,
    forgetOffline: true,
    keepOffline: true,
    requests: true,
    preload: true,
    select: true,
    storeDiff: true,
    storeKeys: true,
    storeSize: true,
    shallowEqual: true,
    zeroAt: true,
    isRivuletError: true,
    RivuletError: true,
  },
}

const members = Object.entries(surface).flatMap(([room, names]) =>
  Object.keys(names).map((name) => `${room}.${name}` as Member),
)

describe('the table of cases', () => {
  test('covers every method, option and function of the client', () => {
    const covered = new Set(cases.flatMap(({ covers }) => covers))
    expect(members.filter((member) => !covered.has(member))).toEqual([])
    expect(Object.keys(index).toSorted()).toEqual(Object.keys(surface.index).toSorted())
  })

  test.each(cases.map((one) => [one.name, one] as const))('uses what it says: %s', (_, { covers, options, run }) => {
    const code = `${String(options)}\n${String(run)}`
    expect(covers.length).toBeGreaterThan(0)
    for (const member of covers) expect(code).toMatch(new RegExp(`\\b${member.split('.')[1] ?? ''}\\b`))
  })

  test('has a name for each case', () => {
    expect(new Set(cases.map(({ name }) => name)).size).toBe(cases.length)
  })

  test('runs in every topology, each in a file of its own', () => {
    const files = readdirSync(fileURLToPath(new URL('.', import.meta.url)))
    const run = files.filter((name) => name.endsWith('.browser.test.ts')).map((name) => name.split('.')[0])
    expect(new Set(run)).toEqual(new Set(topologyNames))
  })
})
