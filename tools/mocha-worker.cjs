// Mocha gives each of its workers a second to end and then sends SIGTERM. What a worker covered is written at its end,
// which takes longer on a busy machine: a worker that were killed then would leave that out. It ends by itself.
if (process.env.MOCHA_WORKER_ID !== undefined) process.on('SIGTERM', () => {})
