import { normal, pick, randomOf } from './random.mjs'

/** Folders of a game's resources, with the endings of the files in them and how their sizes compare. */
const KINDS = [
  { folder: 'textures', parts: ['ui', 'units', 'terrain', 'effects'], endings: ['png', 'webp', 'ktx2'], share: 0.42, weight: 2 },
  { folder: 'audio', parts: ['music', 'voice', 'effects'], endings: ['ogg', 'm4a'], share: 0.12, weight: 6 },
  { folder: 'models', parts: ['characters', 'buildings', 'props'], endings: ['glb', 'bin'], share: 0.14, weight: 3 },
  { folder: 'levels', parts: ['chapter-1', 'chapter-2', 'chapter-3', 'events'], endings: ['json', 'bin'], share: 0.12, weight: 0.6 },
  { folder: 'localization', parts: ['en', 'de', 'fr', 'es', 'pt', 'ja', 'ko', 'zh-Hans'], endings: ['json'], share: 0.1, weight: 0.2 },
  { folder: 'shaders', parts: ['common', 'post'], endings: ['glsl', 'metal'], share: 0.06, weight: 0.05 },
  { folder: 'fonts', parts: ['latin', 'cjk'], endings: ['ttf', 'woff2'], share: 0.04, weight: 4 },
]

/** How the sizes of one kind of file spread (of a log-normal distribution). */
const SPREAD = 1.2

/** How many of a version's files have another content than in the version before, and how many are other files altogether. */
const CHANGED = 0.12
const REPLACED = 0.04

/**
 * What files a tree has: the same for the same seed. Most files of a version are those of the version before.
 *
 * @param {{ seed: string, files: number, bytes: number, versions: string[], platforms: string[] }} wish totals over the whole tree
 * @returns {{ version: string, platform: string, files: { path: string, size: number, content: string }[] }[]} `content` names what is in a
 *   file: the same name is the same content
 */
export function planTree({ seed, files, bytes, versions, platforms }) {
  const groups = versions.flatMap((version, versionIndex) => platforms.map((platform) => ({ version, versionIndex, platform })))
  const planned = groups.map(({ version, versionIndex, platform }, index) => {
    const count = Math.floor(files / groups.length) + (index < files % groups.length ? 1 : 0)
    const list = Array.from({ length: count }, (_, number) => planFile(seed, platform, number, versionIndex))
    return { version, platform, files: list.sort((a, b) => (a.path < b.path ? -1 : 1)) }
  })
  const weight = planned.flatMap((group) => group.files).reduce((sum, file) => sum + file.weight, 0)
  return planned.map((group) => ({
    ...group,
    files: group.files.map(({ path, content, weight: own }) => ({ path, content, size: Math.max(1, Math.round((bytes * own) / weight)) })),
  }))
}

function planFile(seed, platform, number, versionIndex) {
  let born = 0
  let changed = 0
  for (let index = 1; index <= versionIndex; index += 1) {
    const chance = randomOf(`${seed}/${platform}/${number}/change/${index}`)()
    if (chance < REPLACED) born = index
    if (chance < REPLACED + CHANGED) changed = index
  }
  const random = randomOf(`${seed}/${platform}/${number}/${born}`)
  const kind = kindOf(random())
  const ending = pick(random, kind.endings)
  const name = `${pick(random, kind.parts)}-${number.toString(36).padStart(4, '0')}${born > 0 ? `-${born}` : ''}`
  const folders = [kind.folder, pick(random, kind.parts), ...(random() < 0.5 ? [`set-${Math.floor(random() * 12)}`] : [])]
  const content = `${seed}/${platform}/${number}/${Math.max(born, changed)}`
  return {
    path: `${folders.join('/')}/${name}.${ending}`,
    content,
    weight: kind.weight * Math.exp(SPREAD * normal(randomOf(`${content}/size`))),
  }
}

function kindOf(chance) {
  let sum = 0
  return KINDS.find(({ share }) => (sum += share) > chance) ?? KINDS[0]
}
