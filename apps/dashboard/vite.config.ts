import { fileURLToPath } from 'node:url'
import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'

export default defineConfig({
  // Relative, so that it works behind any path: pages are routed by the hash.
  base: './',
  plugins: [react()],
  resolve: { alias: { '@rjsf/validator-ajv8': fileURLToPath(new URL('src/new-job/schema/no-test-validator.ts', import.meta.url)) } },
  build: {
    target: 'es2023',
    // One style sheet, which index.html names: one of a part that could not be loaded with it is not asked for again.
    cssCodeSplit: false,
    // The policy allows no inline script, and nothing that is inlined as data: but images.
    modulePreload: { polyfill: false },
    assetsInlineLimit: (file) => file.endsWith('.svg'),
    chunkSizeWarningLimit: 900,
    sourcemap: false,
  },
  server: {
    host: '127.0.0.1',
    // For work on the pages: a server of Headway's own answers what is asked.
    proxy: Object.fromEntries(
      ['/jobs', '/follow', '/types', '/stats', '/v3', '/queue', '/problems', '/health']
        .map((path) => [path, 'http://127.0.0.1:3000'])
        .concat([['/ws', 'ws://127.0.0.1:3000']]),
    ),
  },
})
