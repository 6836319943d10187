// The server of the SSE API: Headway as `headway serve` runs it, but with log files in ./logs where no other folder is set.
// Settings come from the environment and from headway.config.yaml; `npx headway config` shows them.
const headway = await loadHeadway()
if (headway !== undefined) {
  try {
    if (process.argv.length > 2) throw new headway.SettingsError(['It takes no arguments: settings are environment variables.'])
    await headway.startHeadway({ defaults: { logDir: './logs' } })
  } catch (error) {
    fail(headway.explainError(error))
  }
}

async function loadHeadway() {
  try {
    return await import('headway')
  } catch (error) {
    if (error.code !== 'ERR_MODULE_NOT_FOUND') throw error
    fail('Headway is not built yet. Run `npm ci && npm run build` in the folder of the project, then start this again.')
    return undefined
  }
}

function fail(message) {
  console.error(`api-server-sse: ${message}`)
  process.exitCode = 1
}
