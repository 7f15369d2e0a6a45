const inGzip = { gzip: true, brotli: false }

// Resolves the workspace's packages under `conditions`, and leaves `external` out of the count.
const bundledWith = (conditions, external) => (config) => ({
  ...config,
  platform: 'browser',
  resolve: { conditionNames: [...conditions, 'browser', 'import', 'module', 'default'] },
  external: (id) => external.some((pattern) => pattern.test(id)),
})

// Loaded on demand: where a worker file cannot be started the worker as text and the engine for this thread; with the first data stream its part of the page; on servers only, what loads there; with that option, what shares an engine among tabs; with forgetOffline the database; with the option devtools, what tools see.
const page = {
  path: ['packages/client/dist/index.js', 'packages/react/dist/index.js'],
  modifyRolldownConfig: bundledWith(
    [],
    [
      /^react(-dom)?(\/|$)/,
      /\/(inline(-engine-[^/]+)?|streams-[^/]+|prefetch-[^/]+|create-tab-start-[^/]+|watch-lock-[^/]+|attach-probe-[^/]+|offline-database-[^/]+)\.js$/,
    ],
  ),
  ...inGzip,
}

/** What the worker loads when it is first wanted (extras-on-demand.ts, worker.ts). */
const onDemand = [/\/(create-list-view|create-offline|resumption|serve-channel|inspect\/tap|streams\/streams)\.ts$/]

/** What an app imports that follows stores, and nothing else. */
const smallApp = {
  'packages/client/dist/index.js': '{ createClient }',
  'packages/react/dist/index.js': '{ RivuletProvider, useStore }',
}

/** The files of the devtools that are loaded later, by name. */
const devtoolsFiles = Object.fromEntries(
  ['parts', 'last-change', 'value-editor', 'values', 'wire', 'renders', 'calls', 'session-view', 'time', 'files'].map(
    (name) => [name, new RegExp(`/${name}-[^/]+\\.js$`)],
  ),
)

/** A file of the devtools with what it brings along: without the other files that are loaded later, without what the button has loaded, and without codecs, which clients and views share. */
function devtoolsPart(name, file, limit) {
  const others = Object.entries(devtoolsFiles).flatMap(([other, pattern]) => (other === file ? [] : [pattern]))
  return {
    name: `devtools: ${name}`,
    path: `packages/devtools/dist/${file}-*.js`,
    modifyRolldownConfig: bundledWith(
      [],
      [/^@rivulet\/(client(\/|$)|wire$)/, /\/wire\/dist\/[^/]+\.js$/, /\/h-[^/]+\.js$/, ...others],
    ),
    limit,
    ...inGzip,
  }
}

/** What is reached, in min + gzip, with the design's budget beside it. The page and the worker are what `npm run build` left in dist. */
export default [
  {
    // Budget: 8 kB. The entry and what it imports statically.
    name: 'page: what a small app loads to render (createClient, useStore, RivuletProvider)',
    ...page,
    import: smallApp,
    entry: ['index'],
    limit: '10.6 kB',
  },
  {
    name: 'page: what it loads to render that uses every export (client + react)',
    ...page,
    entry: ['index'],
    limit: '17.6 kB',
  },
  {
    // No budget of its own: the live part comes while the worker starts. With what the page rendered with, before it follows a host.
    name: 'page: a small app with the live part and comlink',
    ...page,
    import: smallApp,
    limit: '28.4 kB',
  },
  {
    // Budget: 14 kB. What starts; the rest is below.
    name: 'worker, without socket.io-client: stores, calls and events',
    path: 'packages/client/src/worker.ts',
    modifyRolldownConfig: bundledWith(['rivulet-source'], [/^socket\.io-client$/, ...onDemand]),
    limit: '35.7 kB',
    ...inGzip,
  },
  {
    // Budget: 28 kB.
    name: 'worker, with socket.io-client: stores, calls and events',
    path: ['packages/client/dist/worker.js', 'packages/client/dist/worker/start-*.js'],
    rolldown: false,
    limit: '48.2 kB',
    ...inGzip,
  },
  {
    // No budget of its own. In six parts, each loaded by itself.
    name: 'worker, with everything: lists, sessions, keepOffline, data streams, shared tabs and devtools too',
    path: ['packages/client/dist/worker.js', 'packages/client/dist/worker/*.js'],
    rolldown: false,
    limit: '69.7 kB',
    ...inGzip,
  },
  // Budget: 25 kB to open it.
  devtoolsPart('what opening the panel loads: agent, shell, the view Stores', 'parts', '22.4 kB'),
  devtoolsPart('the last change of a place, when one is selected', 'last-change', '0.6 kB'),
  devtoolsPart('the editor of values, when one is edited', 'value-editor', '2.5 kB'),
  devtoolsPart("the page's end of calls and events that are tried out", 'values', '0.6 kB'),
  devtoolsPart('the view Wire', 'wire', '11.3 kB'),
  devtoolsPart('the view Renders', 'renders', '8.7 kB'),
  devtoolsPart('the view RPC & events', 'calls', '6.5 kB'),
  devtoolsPart('the view Session', 'session-view', '3.2 kB'),
  devtoolsPart('the view Time travel', 'time', '7.6 kB'),
  devtoolsPart('recordings as files and as tests', 'files', '6.5 kB'),
  {
    // What development adds before anything is opened; the same code without the condition that empties it here.
    name: 'devtools: the button on the page, in development',
    path: 'packages/devtools/dist/production.js',
    modifyRolldownConfig: bundledWith([], Object.values(devtoolsFiles)),
    limit: '4.3 kB',
    ...inGzip,
  },
]
