import type { StoreDef } from '@rivulet/wire'

export { createTestServer } from '@rivulet/testing'

export declare const HarborStore: StoreDef<{ readonly title: string }>
