// Part of npm run build: the pages of the dashboard, apps/dashboard/dist, where something of them changed.
import { buildDashboardIfOld } from './lib/dashboard.mjs'

await buildDashboardIfOld()
