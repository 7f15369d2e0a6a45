import type { PageStore } from '@rivulet/client'
import type { FleetState } from '../../common.tsx'

export declare const fleet: PageStore<FleetState>
export declare const draw: (count: number) => void
