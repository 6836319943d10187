import { PHOTO } from './kinds.mjs'

const escape = (text) => text.replace(/[&<>"]/g, (char) => `&#${char.charCodeAt(0)};`)

/** A text that the page's script makes as large as it may be. */
const label = (text, style, share, grow) =>
  text === '' ? '' : `<div class="label" data-share="${share}" style="flex:${grow};${style}"><span>${escape(text)}</span></div>`

function face({ spine, width, height, turn }) {
  const isAcross = turn === 0
  const isLying = turn === -1 || turn === 180
  const long = isLying || isAcross ? width : height
  const thick = isLying || isAcross ? height : width
  const angle = isLying ? (turn === 180 ? 180 : 0) : turn
  const author = label(spine.author, 'font-weight:normal', isAcross ? 0.1 : spine.order === 'rows' ? 0.32 : 0.45, isAcross ? 1 : 2)
  const title = label(spine.title, '', isAcross ? 0.5 : spine.order === 'rows' ? 0.46 : 0.6, isAcross ? 3 : 4)
  const publisher = label(spine.publisher, 'font-weight:normal;letter-spacing:1px', 0.25, 0.7)
  const main = spine.order === 'author-first' ? author + title : title + author
  const stacked = isAcross || spine.order === 'rows'
  const inner = stacked && !isAcross ? `<div class="rows">${main}</div>${publisher}` : main + publisher
  const across = `left:${(width - long) / 2}px;top:${(height - thick) / 2}px;width:${long}px;height:${thick}px;transform:rotate(${angle}deg)`
  return `<div class="face ${isAcross ? 'across' : ''}" style="${across}">${inner}</div>`
}

function book(placed, index) {
  const { spine, x, y, width, height } = placed
  const band = spine.band ? '<div class="band"></div>' : ''
  const style = `left:${x}px;top:${y}px;width:${width}px;height:${height}px;background:${spine.background};color:${spine.ink};font-family:'${spine.font}';font-weight:${spine.bold ? 'bold' : 'normal'};font-style:${spine.italic ? 'italic' : 'normal'}`
  return `<div class="book" data-index="${index}" style="${style}"><div class="round"></div>${band}${face(placed)}</div>`
}

/** The page that is photographed: books, boards, light. */
export function pageOf(placed, kind) {
  const lean = kind.lean === undefined ? '' : `perspective(3400px) rotateY(${kind.lean}deg)`
  const boards = Array.from({ length: kind.rows }, (_, row) => {
    const top = ((row + 1) * PHOTO.height) / kind.rows - 90
    return `<div style="position:absolute;left:-400px;right:-400px;top:${top}px;height:60px;background:linear-gradient(#8a6a45,#5d4529)"></div>`
  }).join('')
  const zoom = kind.lean !== undefined ? 0.88 : kind.turn === undefined ? 1 : 0.9
  return `<!doctype html><style>
    body { margin: 0; width: ${PHOTO.width}px; height: ${PHOTO.height}px; overflow: hidden; background: #3a2d20 }
    .scene { position: absolute; inset: 0; transform: ${lean} rotate(${kind.turn ?? 0}deg) scale(${zoom}) }
    .light { position: absolute; inset: 0; filter: brightness(${kind.light ?? 1}) blur(0.6px) }
    .book { position: absolute; overflow: hidden }
    .round { position: absolute; inset: 0; background: linear-gradient(90deg, #0005, #fff2 30%, #0000 60%, #0005) }
    .band { position: absolute; left: 0; right: 0; top: 4%; height: 14px; background: currentColor; opacity: .6 }
    .face { position: absolute; display: flex; align-items: center; gap: 20px; padding: 0 70px; box-sizing: border-box }
    .across { flex-direction: column; padding: 130px 8px; gap: 30px }
    .rows { flex: 1; min-width: 0; align-self: stretch; display: flex; flex-direction: column; justify-content: center }
    .label { align-self: stretch; display: flex; align-items: center; justify-content: center; min-width: 0; min-height: 0; text-align: center; line-height: 1.12 }
    .rows .label { flex: none !important }
  </style><div class="light"><div class="scene"><div style="position:absolute;inset:-500px;background:#3a2d20"></div>${boards}${placed.map(book).join('')}</div>
  <div style="position:absolute;inset:0;background:linear-gradient(100deg,#0000 50%,#0004)"></div>
  <svg width="100%" height="100%" style="position:absolute;inset:0;opacity:.13;mix-blend-mode:overlay"><filter id="n"><feTurbulence type="fractalNoise" baseFrequency=".8"/></filter><rect width="100%" height="100%" filter="url(#n)"/></svg></div>`
}

/** Runs in the page: makes each text as large as its place allows, in two lines where one would be too small. */
export function fitLabels() {
  const fits = (label, span, limit) => span.offsetWidth <= label.clientWidth && span.offsetHeight <= limit
  for (const label of document.querySelectorAll('.label')) {
    const span = label.firstElementChild
    const share = Number(label.dataset.share)
    const face = label.closest('.face')
    const across = face.classList.contains('across')
    const grow = across ? label.clientHeight : face.clientHeight * share
    const largest = across ? 44 : face.clientHeight * share * 0.9
    const sizes = (wrap, from) => {
      span.style.whiteSpace = wrap
      let [low, high] = [16, Math.max(from, 17)]
      while (high - low > 0.5) {
        const size = (low + high) / 2
        span.style.fontSize = `${size}px`
        if (fits(label, span, grow * 1.3)) low = size
        else high = size
      }
      span.style.fontSize = `${low}px`
      return low
    }
    if (across) sizes('normal', largest)
    else if (sizes('nowrap', largest) < 24) sizes('normal', largest)
  }
}

/** Runs in the page: where the books are, in pixels of the photo. */
export function bookBoxes() {
  return [...document.querySelectorAll('.book')].map((book) => {
    const { x, y, width, height } = book.getBoundingClientRect()
    return { x: Math.round(x), y: Math.round(y), width: Math.round(width), height: Math.round(height) }
  })
}
