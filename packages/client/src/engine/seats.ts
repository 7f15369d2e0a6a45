/**
 * An engine may serve several pages (tabs), each at a seat of its own. Pages choose the ids of their watches, stores, listeners and calls without knowing of each other, so inside the engine an id carries its
 * seat above its lower 32 bits. Seat 0 leaves ids as they are.
 */
const SEAT = 2 ** 32

/** The id of something that the page at `seat` calls `id`. */
export function seatedId(seat: number, id: number): number {
  return seat * SEAT + id
}

/** Whose it is. */
export function seatOf(id: number): number {
  return Math.floor(id / SEAT)
}

/** What its page calls it. */
export function pageId(id: number): number {
  return id % SEAT
}
