import { editions } from '../../services/books/test/support/stand-in/books.mjs'
import { startStandIns } from '../../services/books/test/support/stand-in/server.mjs'
import { answerCalls } from '../lib/agent.mjs'

// Open Library as far as it is asked: it knows many editions and keeps its own limit.

let standIns

answerCalls(
  {
    async start({ books, perSecond }) {
      standIns = await startStandIns({ books: editions(books), perSecond })
      return standIns.openLibrary.url
    },
    requests: () => standIns.openLibrary.requests.length,
  },
  () => standIns?.close(),
)
