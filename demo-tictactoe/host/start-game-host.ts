import { createHost, createStore, type Host, type HostLogger, type Store } from '@rivulet/server'
import { AccessPlayer, BoardStore, type BoardStoreState, PlaceToken, ServerTime } from '../src/game/schema.ts'
import { isOver, newGame, place } from './rules.ts'

/** Options of {@link startGameHost}. */
export interface GameHostOptions {
  /** 0 picks a free port. */
  readonly port: number
  /** A finished game is shown this long before the next one starts; null = forever. 4 s by default. */
  readonly restartAfterMs?: number | null
  /** How often the clock is sent; every 500 ms by default. */
  readonly clockMs?: number
  readonly logger?: HostLogger | null
}

/** A running game. */
export interface GameHost {
  readonly host: Host
  readonly board: Store<BoardStoreState>
  close(): Promise<void>
}

/** Serves one board to everybody who comes, at `/socket`, from any web origin. */
export function startGameHost(options: GameHostOptions): GameHost {
  const { port, restartAfterMs = 4000, clockMs = 500, logger } = options
  const board = createStore(BoardStore, newGame())
  const host = createHost({
    port,
    cors: { origin: '*' },
    stores: [board],
    // Everybody may play.
    access: () => AccessPlayer,
    ...(logger === undefined ? {} : { logger }),
  })
  let restart: ReturnType<typeof setTimeout> | null = null

  host.rpc(PlaceToken, ({ x, y }) => {
    board.update((game) => place(game, x, y))
    // The game has no call to start over, so it does so by itself.
    if (restartAfterMs === null || restart !== null || !isOver(board.state)) return
    restart = setTimeout(() => {
      restart = null
      board.update((game) => void Object.assign(game, newGame()))
    }, restartAfterMs)
  })

  const time = host.event(ServerTime)
  const clock = setInterval(() => time.emit({ currentTime: new Date() }), clockMs)

  return {
    host,
    board,
    async close() {
      clearInterval(clock)
      if (restart !== null) clearTimeout(restart)
      await host.close()
    },
  }
}
