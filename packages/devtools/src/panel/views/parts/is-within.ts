/** Whether what is at `path` is in `whole`, or is it; both as the attribution of bytes spells them. */
export function isWithin(path: string, whole: string): boolean {
  return path.startsWith(whole) && /^$|^[.[]/.test(path.slice(whole.length))
}
