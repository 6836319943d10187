// The pictures of the dashboard that docs/images/dashboard has.

/**
 * @typedef {object} Shot
 * @property {string} name of the file, without the scheme
 * @property {(jobs: Record<string, string>) => string} hash of the page
 * @property {(page: import('playwright-core').Page) => Promise<unknown>} [ready] waits for what is to be seen, or does what leads to it
 * @property {boolean} [whole] the whole page, however long
 * @property {boolean} [phone] at the width of a phone, in the dark scheme only
 */

const openTab = (page, name) => page.getByRole('tab', { name }).click()

/** To a moment in the middle of a job. */
async function goBack(page) {
  const slider = page.getByRole('slider').first()
  await slider.focus()
  await page.keyboard.press('Home')
  for (let step = 0; step < 6; step += 1) await page.keyboard.press('PageUp')
}

/** @type {Shot[]} */
export const SHOTS = [
  { name: 'overview', hash: () => '/', whole: true, ready: (page) => page.getByRole('progressbar').first().waitFor() },
  { name: 'jobs', hash: () => '/jobs', ready: (page) => page.locator('tr[data-job]').first().waitFor() },
  { name: 'new-job', hash: () => '/new', ready: (page) => page.getByRole('link', { name: 'full-sync' }).waitFor() },
  {
    name: 'new-task',
    hash: () => '/new/full-sync',
    async ready(page) {
      await page.getByLabel('version').fill('885')
      await page.getByRole('button', { name: 'Start the job' }).click()
      await page.getByText('must fit the pattern').waitFor()
    },
  },
  {
    name: 'new-filter-list',
    hash: () => '/new/compile-filters',
    ready: (page) => page.getByRole('textbox', { name: 'Configuration' }).waitFor(),
  },
  {
    name: 'new-scan',
    hash: () => '/new/books-scan',
    async ready(page) {
      await page.getByLabel('Choose photos').setInputFiles('apps/cli/data/demo/shelf.jpg')
      await page.getByRole('img', { name: 'Preview of shelf.jpg' }).waitFor()
    },
  },
  {
    name: 'job-log',
    hash: ({ released }) => `/jobs/${released}`,
    ready: (page) => page.getByText('Total files checked').first().waitFor(),
  },
  { name: 'job-timeline', hash: ({ released }) => `/jobs/${released}`, ready: (page) => openTab(page, 'Timeline') },
  { name: 'job-failed', hash: ({ damaged }) => `/jobs/${damaged}`, ready: (page) => page.getByText('failed').first().waitFor() },
  { name: 'job-replay', hash: ({ released }) => `/jobs/${released}`, ready: goBack },
  { name: 'job-charts', hash: ({ compiled }) => `/jobs/${compiled}`, ready: (page) => openTab(page, 'Charts') },
  { name: 'job-books', hash: ({ imported }) => `/jobs/${imported}`, ready: (page) => openTab(page, 'Result') },
  {
    name: 'job-shelf',
    hash: ({ scanned }) => `/jobs/${scanned}`,
    whole: true,
    async ready(page) {
      await openTab(page, 'Result')
      await page.getByRole('img').first().waitFor()
    },
  },
  {
    name: 'job-events',
    hash: ({ compiled }) => `/jobs/${compiled}`,
    ready: (page) => openTab(page, 'Events'),
  },
  {
    name: 'phone-job',
    hash: ({ running }) => `/jobs/${running}`,
    phone: true,
    ready: (page) => page.getByRole('progressbar').first().waitFor(),
  },
  { name: 'phone-overview', hash: () => '/', phone: true, ready: (page) => page.getByRole('progressbar').first().waitFor() },
  { name: 'phone-jobs', hash: () => '/jobs', phone: true, ready: (page) => page.locator('tr[data-job]').first().waitFor() },
]
