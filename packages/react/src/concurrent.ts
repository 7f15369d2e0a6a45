'use client'

export { ConcurrentProvider as RivuletProvider } from './concurrent/provider.tsx'
export { useConcurrentStore as useStore } from './concurrent/use-concurrent-store.ts'
