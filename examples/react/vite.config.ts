import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'

const headway = 'http://127.0.0.1:3000'

export default defineConfig({
  plugins: [react()],
  server: {
    // The page asks the address that it came from; this passes what is for Headway on.
    proxy: { '/compile': headway, '/follow': headway, '/jobs': headway, '/ws': { target: headway, ws: true } },
  },
})
