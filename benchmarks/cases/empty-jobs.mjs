import { withChildren } from '../lib/child.mjs'
import { countCpu } from '../lib/threads.mjs'

export const title = 'Empty jobs'
export const about = 'Created, run and finished through the engine: 256 creations and 100 runs at a time.'

export function contenders(quick) {
  return { Headway: () => emptyJobs(quick ? 3000 : 10_000) }
}

function emptyJobs(jobs) {
  return withChildren(['servers/engine.mjs'], async (child) => {
    await child.call('emptyJobs', { jobs: 500, creating: 256 })
    const cpu = countCpu(child.pid, await child.call('threads'))
    const figures = await child.call('emptyJobs', { jobs, creating: 256 })
    return { rate: figures.jobs, created: figures.created, cpu: cpu() }
  })
}

export const columns = [
  { key: 'rate', label: 'jobs/s' },
  { key: 'created', label: 'creations/s' },
  { key: 'cpu', label: 'processor, in cores' },
]

export function targets({ median }) {
  return [{ text: 'empty jobs a second', unit: 'a second', measured: median('rate', 'Headway'), atLeast: 3000 }]
}
