import type { Viewer } from '@rivulet/server'

export declare const userOf: (viewer: Viewer) => string
