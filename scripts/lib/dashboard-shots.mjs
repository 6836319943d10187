// The pictures of the dashboard that docs/images/dashboard has.

/**
 * @typedef {object} Shot
 * @property {string} name of the file, without the scheme
 * @property {(jobs: Record<string, string>) => string} hash of the page
 * @property {(page: import('playwright-core').Page) => Promise<unknown>} [ready] waits for what is to be seen, or does what leads to it
 * @property {boolean} [whole] the whole page, however long
 * @property {boolean} [phone] at the width of a phone, in the dark scheme only
 */

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
  { name: 'phone-overview', hash: () => '/', phone: true, ready: (page) => page.getByRole('progressbar').first().waitFor() },
  { name: 'phone-jobs', hash: () => '/jobs', phone: true, ready: (page) => page.locator('tr[data-job]').first().waitFor() },
]
