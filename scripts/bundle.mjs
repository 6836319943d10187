// Part of npm run build: the command and its processes in few files, apps/cli/bundle.
import { bundle } from './lib/bundle.mjs'

await bundle()
