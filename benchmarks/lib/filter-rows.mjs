import { fetchLists } from '../../scripts/fetch-lists.mjs'

const ALL = [
  'ConvertToAscii',
  'TrimLines',
  'RemoveComments',
  'Compress',
  'RemoveModifiers',
  'InvertAllow',
  'Validate',
  'Deduplicate',
  'RemoveEmptyLines',
  'InsertFinalNewLine',
]

/** The lists of each row, as scripts/fetch-lists.mjs names them, and what is done to them. */
const ROWS = [
  {
    name: 'EasyList and EasyPrivacy',
    lists: (name) => ['easylist', 'easyprivacy'].includes(name),
    transformations: ['TrimLines', 'RemoveComments', 'Deduplicate', 'RemoveEmptyLines', 'InsertFinalNewLine'],
  },
  {
    name: 'hosts lists',
    lists: (name) => ['email-hosts', 'email-domains', 'phishing-hosts', 'adguard-hosts', 'urlhaus'].includes(name),
    transformations: ['RemoveComments', 'Compress', 'Validate', 'Deduplicate'],
  },
  {
    name: 'all AdGuard lists',
    lists: (name) => /^adguard-\d+$/.test(name) || ['phishing-hosts', 'ublock-badware'].includes(name),
    transformations: ALL,
  },
]

/** The rows with their configurations; sources are paths. The lists are fetched where they are not there yet. */
export function filterRows() {
  const lists = Object.entries(fetchLists())
  return ROWS.map(({ name, lists: isWanted, transformations }) => {
    const paths = lists.filter(([list]) => isWanted(list)).map(([, path]) => path)
    return { name, paths, configuration: { name, sources: paths.map((source) => ({ source })), transformations } }
  })
}
