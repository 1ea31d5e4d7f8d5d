/** Cluster name by which an embedded SIEM says that it is one. */
export const EMBEDDED_CLUSTER = 'tocsin-embedded'
