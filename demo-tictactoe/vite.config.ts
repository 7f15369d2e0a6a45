import babel from '@rolldown/plugin-babel'
import { rivulet } from '@rivulet/codegen/vite'
import react, { reactCompilerPreset } from '@vitejs/plugin-react'
import { defaultClientConditions, defineConfig, type Plugin } from 'vite'
import { inlineWorker } from '../scripts/build/inline-worker.mjs'

// Only in the build: the dev server injects inline scripts and styles of its own. The page may talk to any game server (`?server=`).
const policy = [
  "default-src 'none'",
  "script-src 'self'",
  "worker-src 'self' blob:",
  "style-src 'self'",
  "img-src 'self'",
  'connect-src http: https: ws: wss:',
  "base-uri 'none'",
  "form-action 'none'",
].join('; ')

function contentSecurityPolicy(): Plugin {
  return {
    name: 'content-security-policy',
    apply: 'build',
    transformIndexHtml: () => [
      { tag: 'meta', attrs: { 'http-equiv': 'Content-Security-Policy', content: policy }, injectTo: 'head-prepend' },
    ],
  }
}

// The page speaks to its own origin unless told otherwise, so the dev server passes the game's socket on to the host.
const proxy = {
  '/socket': { target: process.env.GAME_SERVER ?? 'http://localhost:8080', ws: true, changeOrigin: true },
}

export default defineConfig({
  // Workspace packages resolve to their TypeScript, so no build stands between an edit and the page.
  resolve: { conditions: ['rivulet-source', ...defaultClientConditions] },
  plugins: [rivulet(), inlineWorker(), react(), babel({ presets: [reactCompilerPreset()] }), contentSecurityPolicy()],
  server: { proxy },
  preview: { proxy },
  worker: { format: 'es' },
})
