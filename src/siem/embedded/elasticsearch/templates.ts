/** Index templates, component templates, legacy templates. */
import { ElasticsearchError, illegalArgument } from '../errors.ts'
import { type Answer, type ApiRequest, objectBody } from '../http/request.ts'
import type { Routes } from '../http/routes.ts'
import { Mapping } from '../mapping/mapping.ts'
import { matchesPattern } from '../store/names.ts'
import { flatSettings, shownSettings } from '../store/settings.ts'
import type { Store } from '../store/store.ts'
import type { ComponentTemplate, IndexDefinition, IndexTemplate, LegacyTemplate } from '../store/templates.ts'

type Kind = 'index' | 'component' | 'legacy'

const KINDS: { kind: Kind; path: string; list: string; item: string; noun: string }[] = [
  { kind: 'index', path: '/_index_template', list: 'index_templates', item: 'index_template', noun: 'index template' },
  {
    kind: 'component',
    path: '/_component_template',
    list: 'component_templates',
    item: 'component_template',
    noun: 'component template',
  },
]

const ACKNOWLEDGED: Answer = { body: { acknowledged: true } }

export function templateRoutes(routes: Routes, store: Store): void {
  const add = (methods: string, path: string, handler: (request: ApiRequest) => Answer) =>
    routes.add('elasticsearch', methods, path, handler)
  for (const { kind, path, list, item, noun } of KINDS) {
    const templates = store.templates[kind] as Map<string, unknown>
    const named = (pattern: string) => [...templates].filter(([name]) => matchesPattern(pattern, name))
    const missing = (name: string) =>
      new ElasticsearchError(404, 'resource_not_found_exception', `${noun} matching [${name}] not found`)
    add('PUT|POST', `${path}/:name`, (request) => put(store, kind, request))
    add('GET', path, () => ({ body: { [list]: named('*').map(([name, template]) => ({ name, [item]: template })) } }))
    add('GET', `${path}/:name`, ({ params }) => {
      const found = named(params.name!)
      if (found.length === 0 && !params.name!.includes('*')) throw missing(params.name!)
      return { body: { [list]: found.map(([name, template]) => ({ name, [item]: template })) } }
    })
    add('HEAD', `${path}/:name`, ({ params }) => ({ status: named(params.name!).length > 0 ? 200 : 404, body: '' }))
    add('DELETE', `${path}/:name`, ({ params }) => {
      const found = named(params.name!)
      if (found.length === 0 && !params.name!.includes('*')) throw missing(params.name!)
      for (const [name] of found) store.putTemplate(kind as 'index', name, null)
      return ACKNOWLEDGED
    })
  }
  add('PUT|POST', '/_template/:name', (request) => put(store, 'legacy', request))
  add('GET', '/_template/:name', ({ params }) => {
    const found = [...store.templates.legacy].filter(([name]) => matchesPattern(params.name!, name))
    return { status: found.length === 0 ? 404 : 200, body: Object.fromEntries(found) }
  })
  add('DELETE', '/_template/:name', ({ params }) => {
    if (!store.templates.legacy.has(params.name!)) {
      throw new ElasticsearchError(404, 'index_template_missing_exception', `index_template [${params.name}] missing`)
    }
    store.putTemplate('legacy', params.name!, null)
    return ACKNOWLEDGED
  })
  add('POST', '/_index_template/_simulate_index/:name', ({ params }) => simulate(store, params.name!))
}

function put(store: Store, kind: Kind, request: ApiRequest): Answer {
  const name = request.params.name!
  const body = objectBody(request)
  if (request.parameters.get('create') === 'true' && store.templates[kind].has(name)) {
    throw illegalArgument(`${kind} template [${name}] already exists`)
  }
  const patterns = [body.index_patterns ?? []].flat().map(String)
  if (kind !== 'component' && patterns.length === 0) {
    throw new ElasticsearchError(
      400,
      'action_request_validation_exception',
      'Validation Failed: 1: index patterns are missing;',
    )
  }
  if (kind === 'component') {
    if (body.template === undefined) throw illegalArgument('Required [template]')
    store.putTemplate('component', name, {
      ...body,
      template: normalised(body.template as IndexDefinition),
    } as ComponentTemplate)
  } else if (kind === 'index') {
    const { template, ...rest } = body
    const composed = template === undefined ? {} : { template: normalised(template as IndexDefinition) }
    const wanted = { composed_of: [], ...rest, index_patterns: patterns, ...composed } as IndexTemplate
    store.templates.check(name, wanted)
    store.putTemplate('index', name, wanted)
  } else store.putTemplate('legacy', name, { ...normalised(body), index_patterns: patterns } as LegacyTemplate)
  return ACKNOWLEDGED
}

/** A definition with its mapping checked and its settings in the form that is shown. */
function normalised(definition: IndexDefinition): IndexDefinition {
  const { settings, mappings } = definition
  if (mappings !== undefined) new Mapping(mappings)
  if (settings === undefined) return definition
  return { ...definition, settings: { index: shownSettings(flatSettings(settings)) } }
}

function simulate(store: Store, name: string): Answer {
  const template = store.templates.forIndex(name)
  if (template === undefined) return { body: {} }
  const parts = store.templates.parts(template)
  const mapping = new Mapping()
  for (const { mappings } of parts) if (mappings !== undefined) mapping.merge(mappings)
  const settings = Object.assign({}, ...parts.map((part) => flatSettings(part.settings ?? {})))
  const aliases = Object.assign({}, ...parts.map((part) => part.aliases))
  return {
    body: {
      template: { settings: { index: shownSettings(settings) }, mappings: mapping.toJSON(), aliases },
      overlapping: [],
    },
  }
}
