// What npm's error codes mean for a user, and the mend.

const REGISTRY = 'npm reached no registry: check the network, the proxy, and `npm config get registry`'

const MEANINGS = {
  ENOTFOUND: REGISTRY,
  EAI_AGAIN: REGISTRY,
  ECONNREFUSED: REGISTRY,
  ECONNRESET: REGISTRY,
  ETIMEDOUT: REGISTRY,
  ENOTCACHED: `${REGISTRY}; npm is set to work offline and its cache lacks a package`,
  E401: 'the registry wants a login: see `npm login`',
  E403: 'the registry refuses a package',
  E404: 'the registry lacks a package: `npm config get registry` should name one that mirrors all of npm',
  EINTEGRITY: 'a package is not the one that was locked: `npm cache clean --force`, then again',
  EACCES: 'npm may not write here, or not to its cache',
  EPERM: 'npm may not write here, or not to its cache',
  EROFS: 'npm cannot write here: the file system is read-only',
  ENOSPC: 'the disk is full',
  EUSAGE: 'package.json and package-lock.json do not fit together: run `npm install`',
}

/** One line for the result of `spawnSync('npm', …)`. */
export function explainNpm({ error, status, signal, stderr }) {
  if (error?.code === 'ENOENT') return 'there is no npm on the PATH; it comes with Node.js 20.19 or newer'
  if (error) return `npm could not be started (${error.code})`
  const code = /npm error code (\w+)/.exec(stderr ?? '')?.[1]
  if (MEANINGS[code] !== undefined) return `${MEANINGS[code]} (${code})`
  if (signal) return `npm was ended by ${signal}`
  return `npm ended with ${status}; its own words are above, and \`npm ci\` shows more`
}
