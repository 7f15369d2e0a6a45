/** A failure the user can act on: shown as its message alone, without a stack. */
export class UserError extends Error {}

/**
 * Runs a script's body and sets the exit code: its own result, or 1 when it throws.
 *
 * @param {() => Promise<number> | number} body
 */
export async function main(body) {
  try {
    process.exitCode = await body()
  } catch (error) {
    console.error(error instanceof UserError ? `rivulet: ${error.message}` : error)
    process.exitCode = 1
  }
}
