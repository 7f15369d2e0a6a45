export { defineConfig } from 'vite'
export { default as react } from '@vitejs/plugin-react'
