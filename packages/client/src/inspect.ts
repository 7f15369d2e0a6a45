/**
 * What devtools build on: the engine's feed and the page's probes. Apps have no use for it, and it may change with any version; both carry version numbers.
 */
export * from './feed-protocol.ts'
export { pageProbes } from './page/page-probes.ts'
export {
  PROBE_VERSION,
  PROBES,
  type Probe,
  type ProbeChange,
  type ProbeObserver,
  type ProbeOrigin,
  type Probes,
  type ProbeSubscriber,
  type ProbeWrite,
} from './page/probe.ts'
