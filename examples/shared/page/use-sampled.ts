import { useEffect, useState } from 'react'

/** Reads a value that changes far more often than anybody can read it, `everyMs`: one render per sample, none per change. */
export function useSampled<T>(read: () => T, everyMs = 500): T {
  const [sample, setSample] = useState(read)
  useEffect(() => {
    const timer = setInterval(() => setSample(read()), everyMs)
    return () => clearInterval(timer)
  }, [read, everyMs])
  return sample
}
