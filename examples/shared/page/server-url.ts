/**
 * The host of a page: what `?server=http://host:port` says, else the page's own origin.
 *
 * @throws TypeError when the parameter is no http or https address
 */
export function serverUrl(page: string): string {
  const { origin, searchParams } = new URL(page)
  const asked = searchParams.get('server')
  if (asked === null || asked === '') return origin
  const url = URL.parse(asked)
  if (url === null || !/^https?:$/.test(url.protocol)) {
    throw new TypeError(`?server=${asked} is no server address. Write it as ?server=http://localhost:8080`)
  }
  return url.origin
}
