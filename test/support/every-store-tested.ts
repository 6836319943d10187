import { STORE_KINDS } from '@headway/core'
import { relative } from 'node:path'
import type { TestModule, TestProject } from 'vitest/node'

/** Where the suite runs on every store, in a `describe` with the name of the store's kind. */
const SUITE = 'test/conformance/stores.test.ts'

/**
 * Fails a run in which the suite of stores did not pass with the same tests on every store: where one of them has fewer, or skips some. A run of some files, or of
 * tests with some names, is held to nothing.
 */
export default function setup(project: TestProject): () => Promise<void> {
  return async () => {
    const { vitest } = project
    const modules = vitest.state.getTestModules()
    const ended = modules.every((module) => ['passed', 'failed', 'skipped'].includes(module.state()))
    if (!ended || project.config.testNamePattern !== undefined) return
    const suite = modules.find((module) => relative(project.config.root, module.moduleId) === SUITE)
    const whole = modules.length > 0 && modules.length === (await vitest.globTestSpecifications()).length
    if (suite === undefined && !whole) return
    const passed = suite === undefined ? new Map<string, number>() : passedByStore(suite)
    const counts = STORE_KINDS.map((kind) => passed.get(kind) ?? 0)
    console.log(`Tests that passed on each store: ${STORE_KINDS.map((kind, index) => `${kind} ${counts[index]}`).join(', ')}.`)
    if (counts.every((count) => count > 0 && count === counts[0])) return
    console.error(`${SUITE} must pass on every store with the same tests.`)
    process.exitCode = 1
  }
}

function passedByStore(module: TestModule): ReadonlyMap<string, number> {
  const passed = new Map<string, number>()
  for (const store of module.children.suites()) passed.set(store.name, [...store.children.allTests('passed')].length)
  return passed
}
