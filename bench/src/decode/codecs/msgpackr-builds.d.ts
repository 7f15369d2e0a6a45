// The package ships this build without types; they are those of its main entry.
declare module 'msgpackr/index-no-eval' {
  export { Packr, Unpackr } from 'msgpackr'
}
