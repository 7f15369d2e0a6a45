import { createClient, keepOffline } from '@rivulet/client'
import { createHooks } from '@rivulet/react'
import { WorldStore } from '../generated/schema.ts'
import { createElement, type ReactNode } from 'react'
import { Cell } from './cell.ts'

/** Follows all rows; `keep` them for the next visit, and shows what was kept. */
export function startRivulet(port: number, keep: boolean): ReactNode {
  const offline = keepOffline({ stores: [WorldStore], scope: 'everybody' })
  const client = createClient({ url: `http://127.0.0.1:${port}`, ...(keep ? { offline } : {}) })
  const { useStore } = createHooks(client)
  Object.assign(globalThis, { kept })
  const Row = (): ReactNode => createElement(Cell, { x: useStore(WorldStore, 'entities').get('e0')?.x })
  return createElement(Row)
}

/** Whether something is kept by now. */
function kept(): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const opening = indexedDB.open('rivulet-offline')
    opening.addEventListener('error', () => reject(new Error('the database cannot be opened')))
    opening.addEventListener('success', () => {
      const database = opening.result
      const found = database.transaction('states').objectStore('states').count()
      found.addEventListener('success', () => {
        database.close()
        resolve(found.result > 0)
      })
    })
  })
}
