// Written as bundlers look for it; a page without one has no such thing.
declare const process: { readonly env: { readonly NODE_ENV?: string } }

/** Whether the app says of itself that it is being developed. */
export function isDevelopment(): boolean {
  try {
    // A bundler puts the value in its place, and what is left folds to true or false.
    return process.env.NODE_ENV === 'development'
  } catch {
    return false
  }
}
