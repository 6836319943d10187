// Runs on the compiled output (dist): what is imported for types only has vanished there, which is what the rules mean.
// The order of DESIGN.md: protocol <- core <- stores, server, services <- apps. Below all of them: sqlite, the driver.
const dist = (name) => `^${name}/dist`
const forbid = (name, from, to, comment) => ({ name, comment, severity: 'error', from: { path: from }, to: { path: to } })

const protocol = dist('packages/protocol')
const sqlite = dist('packages/sqlite')
const core = dist('packages/core')
const conformance = dist('packages/conformance')
const server = dist('packages/server')
const storeKit = dist('packages/store-kit')
const stores = '^packages/store-(?!kit)[^/]+/dist'
const services = '^services/[^/]+/dist'
const apps = '^apps/[^/]+/dist'

module.exports = {
  forbidden: [
    { name: 'no-cycles', severity: 'error', from: {}, to: { circular: true } },
    forbid('protocol-is-the-bottom', protocol, `${core}|${stores}|${conformance}|${server}|${services}|${apps}`),
    forbid('sqlite-is-a-driver-only', sqlite, `${protocol}|${core}|${stores}|${conformance}|${server}|${services}|${apps}`),
    forbid(
      'core-knows-no-store-and-no-http',
      core,
      `${sqlite}|${stores}|${conformance}|${server}|${services}|${apps}|node_modules/(hono|@hono|ws|pg|@photostructure)/`,
    ),
    forbid(
      'threads-of-the-embedded-store-start-soon',
      '^packages/(store-sqlite/dist/(writer|reader)|store-kit/dist/rules)/',
      `${protocol}|${core}`,
      'Types only: the schemas of protocol take longer to load than all that these threads need.',
    ),
    forbid('store-kit-knows-core-only', storeKit, `${sqlite}|${stores}|${conformance}|${server}|${services}|${apps}`),
    forbid('stores-know-core-only', stores, `${conformance}|${server}|${services}|${apps}`),
    forbid('server-knows-no-store-and-no-service', server, `${stores}|${conformance}|${services}|${apps}`),
    forbid('conformance-knows-interfaces-only', conformance, `${stores}|${services}|${apps}`),
    forbid(
      'client-takes-types-only',
      dist('packages/client'),
      `${protocol}|${sqlite}|${core}|${stores}|${conformance}|${server}|${services}|${apps}`,
    ),
    forbid('servers-know-no-client', `${core}|${stores}|${server}|${services}`, dist('packages/client')),
    forbid('services-know-no-store', services, `${stores}|${conformance}|${apps}`),
    {
      name: 'services-know-no-other-service',
      severity: 'error',
      from: { path: '^services/([^/]+)/dist' },
      to: { path: services, pathNot: '^services/$1/dist' },
    },
    {
      name: 'http-is-for-the-wire',
      comment: 'Of a service, only its wire/ and its entry use the server.',
      severity: 'error',
      from: { path: services, pathNot: `${services}/(wire/|index\\.js|service\\.js)` },
      to: { path: `${server}|node_modules/(hono|@hono)/` },
    },
    {
      name: 'no-deep-imports',
      comment:
        'A package is used through its index; for the checks of settings also .server/settings., breakers without the engine, the compiler of lists and its downloader, the catalog of books and their CSV, so that a short command need not load a server.',
      severity: 'error',
      from: { path: '^(packages|services|apps)/([^/]+)/' },
      to: {
        path: '^(packages|services)/[^/]+/dist/.+',
        pathNot: [
          '^$1/$2/',
          '^(packages|services)/[^/]+/dist/index\\.js$',
          '^packages/server/dist/settings\\.js$',
          '^packages/core/dist/breaker/index\\.js$',
          '^packages/store-kit/dist/rules/index\\.js$',
          '^services/filters/dist/(compiler|download)/index\\.js$',
          '^services/books/dist/(catalog|import)/index\\.js$',
        ],
      },
    },
    { name: 'resolvable', severity: 'error', from: {}, to: { couldNotResolve: true } },
  ],
  options: {
    includeOnly: '^(packages|services|apps)/[^/]+/dist/.*\\.js$|^node_modules/(hono|@hono|ws|pg|@photostructure)/',
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '\\.d\\.ts$|\\.map$|^apps/dashboard/' },
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'node', 'default'] },
  },
}
