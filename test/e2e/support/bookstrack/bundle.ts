import { build } from 'esbuild'

/** The walk with the published client in it, as a program: the client's own imports have no extensions, which only a bundler takes. */
export async function bundleWalk(format: 'esm' | 'iife'): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [new URL('walk.mjs', import.meta.url).pathname],
    bundle: true,
    format,
    globalName: 'walk',
    platform: format === 'esm' ? 'node' : 'browser',
    write: false,
  })
  return outputFiles[0]?.text ?? ''
}
