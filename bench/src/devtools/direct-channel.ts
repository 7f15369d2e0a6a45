/** The channel between a page and the host in its worker; the worker's own is the client's. */
export const DIRECT = 'direct host'
