// `npm run generate`: every schema module and schema file of the repository, from its sources. With --check nothing is written: whatever is not as its sources
// say is named, and so is every change since the commit that would break a peer of that.
import { main, UserError } from './lib/fail.mjs'
import { ensureInstalled } from './lib/install.mjs'
import { root } from './lib/root.mjs'
import { schemas } from './lib/schemas.mjs'

await main(async () => {
  const [flag, ...more] = process.argv.slice(2)
  if (more.length > 0 || (flag !== undefined && flag !== '--check'))
    throw new UserError('Usage: npm run generate [-- --check]')
  await ensureInstalled()
  const { ok, said } = await schemas(root, flag === undefined ? 'write' : 'check')
  console.log(said.join('\n'))
  return ok ? 0 : 1
})
