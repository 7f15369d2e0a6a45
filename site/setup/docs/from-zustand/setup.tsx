import type { Boat } from '../../common.tsx'

export interface FleetState {
  readonly boats: Readonly<Record<string, Boat>>
  readonly connected: boolean
}

interface UseState<S> {
  <T>(selector: (state: S) => T): T
  setState(change: Partial<S> | ((state: S) => Partial<S>)): void
}

/** As much of zustand as the page uses. */
export declare const create: <S>() => (init: () => S) => UseState<S>
export declare const useUi: UseState<{ readonly chosen: string }>
