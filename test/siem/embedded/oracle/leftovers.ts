/** Removes what an earlier run left on a server that is not ours. */

const TEMPLATES = ['o-low', 'o-high', 'o-stream', 'o-same', 'o-miss']
const COMPONENTS = ['o-part']

export async function removeAll(url: string): Promise<void> {
  const remove = (path: string) => fetch(url + path, { method: 'DELETE' }).then((response) => response.text())
  const patterns = '/_resolve/index/o-*'
  const found = (await (await fetch(url + patterns)).json()) as { indices?: { name: string }[] }
  for (const { name } of found.indices ?? []) await remove(`/${name}`)
  for (const template of TEMPLATES) await remove(`/_index_template/${template}`)
  for (const component of COMPONENTS) await remove(`/_component_template/${component}`)
}
