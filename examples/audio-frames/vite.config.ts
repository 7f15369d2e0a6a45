import { defineConfig } from 'vite'
import { viteExample } from '../shared/tools/vite-example.ts'

export default defineConfig(viteExample())
