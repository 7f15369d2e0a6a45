import { useEffect, useEffectEvent, useRef, type ReactNode } from 'react'

/** The bar falls by this share per frame, so that short sounds can be seen. */
const FALL = 0.92

/**
 * A bar that follows `read`, a loudness from 0 to 1, once per animation frame. It paints the element itself: React renders it once, however often the level changes.
 * Decoration for those who cannot see it: a level that changes sixty times a second says nothing when read out.
 */
export function LevelMeter({ read }: { readonly read: () => number }): ReactNode {
  const bar = useRef<HTMLSpanElement>(null)
  const now = useEffectEvent(read)
  useEffect(() => {
    let shown = 0
    let frame = requestAnimationFrame(function paint() {
      const level = Math.max(now(), shown * FALL)
      if (level !== shown && bar.current !== null) {
        shown = level < 0.005 ? 0 : level
        bar.current.style.setProperty('--level', shown.toFixed(3))
      }
      frame = requestAnimationFrame(paint)
    })
    return () => cancelAnimationFrame(frame)
  }, [])
  return (
    <span className="meter" aria-hidden="true">
      <span ref={bar} className="meter-bar" />
    </span>
  )
}
