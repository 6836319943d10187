/** The body of a request, as it is edited: what is in it beside these members is kept as it is. */
export interface RequestBody {
  configuration: Record<string, unknown>
  preFetchedContent?: Record<string, string>
}

export interface QuickConfiguration {
  readonly id: string
  readonly label: string
  readonly hint: string
  readonly make: () => RequestBody
}

const OFFLINE = 'Needs no network: its sources are sent with the request.'

const ADS = `! Title: Advertising
||ads.example.com^
||ads.example.com^
||banner.example.net^$third-party
@@||cdn.example.org^
example.com##.sponsored
||192.0.2.7^
! the end
`

const TRACKING = `! Title: Tracking
||tracking.example.com^
||metrics.example.net^
||ads.example.com^
||ünï.example^
/telemetry-[0-9]+\\./
`

const HOSTS = `# A hosts file
0.0.0.0 ads.example.com
0.0.0.0 eu.ads.example.com
127.0.0.1 localhost
127.0.0.1 tracker.example.org # of a shop
::1 ip6-localhost
`

const GENERATED_LINES = 20_000

/** What can be chosen, to begin with. */
export const QUICK_CONFIGURATIONS: readonly QuickConfiguration[] = [
  {
    id: 'two-lists',
    label: 'Two small lists',
    hint: OFFLINE,
    make: () => ({
      configuration: {
        name: 'Two small lists',
        description: 'Advertising and tracking together',
        sources: [
          { name: 'Advertising', source: 'ads.txt', type: 'adblock' },
          { name: 'Tracking', source: 'tracking.txt', type: 'adblock', transformations: ['RemoveComments'] },
        ],
        transformations: ['RemoveComments', 'Validate', 'Deduplicate'],
      },
      preFetchedContent: { 'ads.txt': ADS, 'tracking.txt': TRACKING },
    }),
  },
  {
    id: 'hosts',
    label: 'Hosts file to rules',
    hint: OFFLINE,
    make: () => ({
      configuration: {
        name: 'Hosts file to rules',
        sources: [{ name: 'Hosts', source: 'hosts.txt', type: 'hosts' }],
        transformations: ['RemoveComments', 'Compress', 'Validate', 'Deduplicate'],
      },
      preFetchedContent: { 'hosts.txt': HOSTS },
    }),
  },
  {
    id: 'patterns',
    label: 'Inclusions and exclusions',
    hint: OFFLINE,
    make: () => ({
      configuration: {
        name: 'Only example.com, without ads',
        sources: [
          { name: 'Advertising', source: 'ads.txt' },
          { name: 'Tracking', source: 'tracking.txt' },
        ],
        inclusions: ['*example.com*'],
        exclusions: ['/ads\\./'],
        transformations: ['Deduplicate', 'RemoveEmptyLines'],
      },
      preFetchedContent: { 'ads.txt': ADS, 'tracking.txt': TRACKING },
    }),
  },
  {
    id: 'large',
    label: 'A hosts list of 20,000 lines',
    hint: `${OFFLINE} The list is made in this page.`,
    make: () => ({
      configuration: {
        name: 'A large hosts list',
        sources: [{ name: 'Generated hosts', source: 'generated.txt', type: 'hosts' }],
        transformations: ['RemoveComments', 'Compress', 'Validate', 'Deduplicate', 'InsertFinalNewLine'],
      },
      preFetchedContent: { 'generated.txt': generatedHosts() },
    }),
  },
  {
    id: 'download',
    label: 'AdGuard DNS filter (downloads)',
    hint: 'The server downloads two public lists.',
    make: () => ({
      configuration: {
        name: 'AdGuard DNS filter and Peter Lowe',
        sources: [
          {
            name: 'AdGuard DNS filter',
            source: 'https://adguardteam.github.io/AdGuardSDNSFilter/Filters/filter.txt',
            transformations: ['RemoveComments'],
          },
          {
            name: "Peter Lowe's list",
            source: 'https://pgl.yoyo.org/adservers/serverlist.php?hostformat=hosts&showintro=0&mimetype=plaintext',
            type: 'hosts',
            transformations: ['RemoveComments', 'Compress'],
          },
        ],
        transformations: ['Validate', 'Deduplicate', 'InsertFinalNewLine'],
      },
    }),
  },
  {
    id: 'failing',
    label: 'A source that fails',
    hint: 'Shows how a failure looks: the host does not exist.',
    make: () => ({
      configuration: { name: 'A source that fails', sources: [{ name: 'Nowhere', source: 'https://lists.invalid/filters.txt' }] },
    }),
  },
  {
    id: 'mistake',
    label: 'A configuration with a mistake',
    hint: 'The server says which field is wrong.',
    make: () => ({
      configuration: { name: 'A mistake', sources: [{ source: 'ads.txt' }], transformations: ['Dedupe'] },
      preFetchedContent: { 'ads.txt': ADS },
    }),
  },
]

function generatedHosts(): string {
  const lines = Array.from({ length: GENERATED_LINES }, (_, index) => `0.0.0.0 host-${index % (GENERATED_LINES - 500)}.example.com`)
  return `# ${GENERATED_LINES} hosts, 500 of them twice\n${lines.join('\n')}\n`
}
