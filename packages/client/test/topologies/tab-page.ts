import { createClient } from '../../src/index.ts'
import type { TabApi } from './other-tab.ts'

// The page of another tab (other-tab.ts).
Object.assign(globalThis, { rivuletTab: { createClient } satisfies TabApi })
