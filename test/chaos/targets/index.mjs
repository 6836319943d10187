import { headway } from './headway.mjs'
import { own } from './own.mjs'

/** The servers that `npm run chaos` kills. */
export const TARGETS = [headway, own]
