import type { HostLogLevel, ServedStore } from '@rivulet/server'

export declare const stores: readonly ServedStore[]
export declare const pino: Record<HostLogLevel, (fields: object, message: string) => void>
