// Types and docstrings of the sources, as typedoc reads them.
import { fileURLToPath } from 'node:url'
import { Application, Configuration } from 'typedoc'
import { entries } from './entries.js'
import { root } from './paths.js'

/** Each export as a page of its own, which typedoc writes, with the reflections. */
export const convert = async out => {
  const app = await Application.bootstrapWithPlugins({
    plugin: ['typedoc-plugin-markdown'],
    entryPoints: [...entries.values()].map(path => root + path),
    tsconfig: fileURLToPath(new URL('../tsconfig.api.json', import.meta.url)),
    basePath: root,
    out,
    router: 'member',
    readme: 'none',
    excludeInternal: true,
    excludeExternals: true,
    skipErrorChecking: true,
    hidePageHeader: true,
    hideBreadcrumbs: true,
    useCodeBlocks: true,
    disableGit: true,
    sourceLinkTemplate: 'source',
    tableColumnSettings: { hideSources: true, hideInherited: true, hideOverrides: true, hideModifiers: true },
    parametersFormat: 'table',
    propertiesFormat: 'table',
    interfacePropertiesFormat: 'table',
    typeDeclarationFormat: 'table',
    blockTags: [...Configuration.OptionDefaults.blockTags, '@support', '@prior'],
    logLevel: 'Error',
    validation: false,
  })
  const project = await app.convert()
  if (project === undefined) throw new Error('the reference of the packages could not be made')
  const urls = new Map()
  app.renderer.on('endPage', ({ model, url }) => void urls.set(model, url))
  await app.generateOutputs(project)
  return { project, urlOf: reflection => urls.get(reflection) }
}
