// `npm run docs`: the documentation as static files in site/dist. `-- --serve` shows it as well.
import { join } from 'node:path'
import { build } from 'vitepress'
import { repository, siteFolder } from './src/folders.mjs'
import { writeReference } from './src/reference.mjs'
import { serveSite } from './src/serve.mjs'
import { emptyFolder, stagePages } from './src/stage.mjs'

const pages = join(siteFolder, '.pages')
emptyFolder(pages)
await writeReference(repository, join(pages, 'reference'))
stagePages(repository, pages, process.env.RIVULET_REPOSITORY)
await build(siteFolder)
console.log(`site/dist: ${process.argv.includes('--serve') ? 'built' : 'built; npm run docs -- --serve shows it'}`)
if (process.argv.includes('--serve')) {
  const { url } = await serveSite(join(siteFolder, 'dist'), Number(process.env.PORT ?? 4173))
  console.log(`${url}  (Ctrl+C ends it)`)
}
