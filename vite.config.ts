import babel from '@rolldown/plugin-babel'
import react, { reactCompilerPreset } from '@vitejs/plugin-react'
import { playwright } from '@vitest/browser-playwright'
import { defaultClientConditions, defaultServerConditions } from 'vite'
import { defineConfig } from 'vitest/config'
import { topologyHost } from './packages/client/test/topologies/host/host-command.ts'
import { inlineWorker } from './scripts/build/inline-worker.mjs'
import { findChromium } from './scripts/lib/find-chromium.mjs'

// Workspace packages resolve to their TypeScript, so no build stands between an edit and a test.
const source = 'rivulet-source'

const folders = ['packages/*', 'demo-tictactoe', 'examples/*', 'interop', 'bench', 'scripts', 'site']
const testsIn = (within: readonly string[], kind: string): string[] =>
  within.map((folder) => `${folder}/test/**/*.${kind}`)

const executablePath = findChromium()

function browser() {
  return {
    enabled: true,
    headless: true,
    screenshotFailures: false,
    viewport: { width: 800, height: 600 },
    provider: playwright({ launchOptions: executablePath === undefined ? {} : { executablePath } }),
    instances: [{ browser: 'chromium' as const }],
    commands: { topologyHost },
  }
}

// Found up front: a dependency discovered in mid-run makes Vite reload the page under a running test.
const optimizeDeps = {
  include: [
    '@tanstack/devtools',
    '@testing-library/react',
    'comlink',
    'fast-check',
    'react',
    'react-concurrent-store',
    'react/compiler-runtime',
    'react/jsx-dev-runtime',
    'react-dom',
    'react-dom/client',
    'react-dom/server',
    'resub',
    'socket.io-client',
    'vitest-browser-react',
    'vue',
  ],
}

// Cross-origin isolation gives 5 µs timers and SharedArrayBuffer, as in the best-configured app.
const headers = { 'Cross-Origin-Opener-Policy': 'same-origin', 'Cross-Origin-Embedder-Policy': 'require-corp' }

export default defineConfig({
  plugins: [inlineWorker()],
  resolve: {
    conditions: [source, ...defaultClientConditions],
    // What an app does with `"@boatkit-io/restream": "npm:@rivulet/restream"`, for the generated code in the tests.
    alias: { '@boatkit-io/restream': new URL('packages/restream/src/index.ts', import.meta.url).pathname },
  },
  ssr: { resolve: { conditions: [source, ...defaultServerConditions] } },
  test: {
    // Limits for what hangs, not for what is slow: two busy cores must not fail a test.
    testTimeout: 30_000,
    // Only in CI, and what needed it is listed at the end (scripts/lib/flaky-reporter.mjs).
    retry: process.env['CI'] === undefined ? 0 : 1,
    hookTimeout: 60_000,
    expect: { poll: { timeout: 10_000 } },
    coverage: { provider: 'v8', include: ['packages/*/src/**/*.{ts,tsx}'], exclude: ['**/*.d.ts'] },
    projects: [
      {
        extends: true,
        test: {
          name: 'node',
          environment: 'node',
          include: testsIn(folders, 'node.test.ts'),
        },
      },
      {
        extends: true,
        plugins: [react()],
        optimizeDeps,
        server: { headers },
        test: { name: 'browser', include: testsIn(folders, 'browser.test.{ts,tsx}'), browser: browser() },
      },
      {
        extends: true,
        plugins: [react(), babel({ presets: [reactCompilerPreset()] })],
        optimizeDeps,
        server: { headers },
        test: {
          name: 'browser-compiler',
          include: [
            ...testsIn(['packages/react', 'demo-tictactoe', 'examples/*', 'scripts'], 'browser.test.{ts,tsx}'),
            'packages/client/test/resub/*.browser.test.tsx',
          ],
          browser: browser(),
        },
      },
    ],
  },
})
