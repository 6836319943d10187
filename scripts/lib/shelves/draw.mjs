import { chromium } from 'playwright-core'
import sharp from 'sharp'
import { KINDS, PHOTO, placeSpines } from './kinds.mjs'
import { bookBoxes, fitLabels, pageOf } from './page.mjs'
import { randomOf } from './random.mjs'
import { spineOf } from './spines.mjs'

const CHROMIUM = '/usr/bin/chromium'
const QUALITY = 82

/**
 * Draws photos of shelves with Debian's Chromium.
 *
 * @param {{ title: string, author: string }[]} books to choose from
 * @param {{ kind: keyof typeof KINDS, seed: number, strangers?: { title: string, author: string }[], quality?: number }[]} photos `strangers`: books
 *   that stand among the others without being in the catalog
 * @returns {Promise<{ jpeg: Buffer, truth: { kind: string, seed: number, width: number, height: number, spines: object[] } }[]>} each spine with `title`, `author`, `known`
 *   and `box`, in pixels of the photo as seen upright
 */
export async function drawShelves(books, photos) {
  const browser = await chromium.launch({
    executablePath: CHROMIUM,
    headless: true,
    args: ['--no-sandbox', '--force-device-scale-factor=1'],
  })
  try {
    const page = await browser.newPage({ viewport: PHOTO })
    const drawn = []
    for (const photo of photos) drawn.push(await drawShelf(page, books, photo))
    return drawn
  } finally {
    await browser.close()
  }
}

async function drawShelf(page, books, { kind: name, seed, strangers = [], quality = QUALITY }) {
  const kind = KINDS[name]
  const random = randomOf(seed)
  const among = random.sample(
    [
      ...random.sample(books, kind.books - strangers.length).map((book) => ({ ...book, known: true })),
      ...strangers.map((book) => ({ ...book, known: false })),
    ],
    kind.books,
  )
  const placed = placeSpines(
    among.map((book) => spineOf(book, random)),
    kind,
    random,
  )
  await page.setContent(pageOf(placed, kind))
  await page.evaluate(fitLabels)
  const boxes = await page.evaluate(bookBoxes)
  const shot = await page.screenshot({ type: 'png' })
  const { jpeg, width, height } = await toJpeg(shot, kind, quality)
  const scaled = (box) => Object.fromEntries(Object.entries(box).map(([side, length]) => [side, Math.round(length * (kind.scale ?? 1))]))
  const spines = placed.map(({ spine, turn }, index) => ({ ...spine.book, turn, box: scaled(boxes[index]) }))
  return { jpeg, truth: { kind: name, seed, width, height, spines } }
}

/** With EXIF orientation 6 the pixels lie on their left side, and whoever shows the photo turns them back clockwise. */
async function toJpeg(shot, { exif, scale = 1 }, quality) {
  const [width, height] = [PHOTO.width * scale, PHOTO.height * scale].map(Math.round)
  const upright = await sharp(shot).resize(width, height).toBuffer()
  const turned = exif === 6 ? sharp(upright).rotate(-90).withMetadata({ orientation: 6 }) : sharp(upright)
  return { jpeg: await turned.jpeg({ quality, mozjpeg: true }).toBuffer(), width, height }
}
