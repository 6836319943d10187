/** Configurations to begin with. The first ones need no network: their texts come along. */
export const EXAMPLES: readonly { readonly name: string; readonly text: string }[] = [
  {
    name: 'Rules and hosts',
    text: `configuration:
  name: Rules and hosts
  sources:
    - name: Rules
      source: rules
    - name: Hosts
      source: hosts
      type: hosts
  transformations: [RemoveComments, Compress, Validate, Deduplicate, InsertFinalNewLine]
preFetchedContent:
  rules: |
    ! Rules for ad blockers
    ||ads.example.com^
    ||tracker.example.net^$third-party
  hosts: |
    # A hosts list
    0.0.0.0 ads.example.com
    0.0.0.0 banner.example.org
`,
  },
  {
    name: 'With exclusions',
    text: `configuration:
  name: With exclusions
  sources:
    - name: Rules
      source: rules
      exclusions: ['*.good.example*']
  transformations: [RemoveComments, Deduplicate, RemoveEmptyLines]
preFetchedContent:
  rules: |
    ||ads.example.com^
    ||cdn.good.example^
    ||ads.example.com^
`,
  },
  {
    name: 'From the web',
    text: `name: From the web
sources:
  - name: AdGuard DNS filter
    source: https://adguardteam.github.io/AdGuardSDNSFilter/Filters/filter.txt
transformations: [RemoveComments, Compress, Validate, Deduplicate]
`,
  },
]
