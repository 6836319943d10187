import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    // The tests run the command as it ships, made of what was compiled last.
    globalSetup: ['bundled-command', 'folder-of-run', 'postgres-of-run', 'every-store-tested'].map((name) => `test/support/${name}.ts`),
    include: ['{packages,services,apps,examples}/*/test/**/*.test.ts', 'test/**/*.test.ts'],
    // Tests wait for things, never for a time; on a busy machine things take long.
    testTimeout: 90_000,
    hookTimeout: 90_000,
    expect: { poll: { timeout: 20_000 } },
    pool: 'forks',
    // Two more than the two cores of CI: much of what tests do is waiting for a process, a database or a browser.
    maxWorkers: 4,
    // The files of a process share what is loaded: loading it again for each took a tenth of the time. What a file changes in its process it
    // puts back; what must end with a test ends by onTestFinished, since a hook of a shared module is one of the first file only.
    isolate: false,
  },
})
