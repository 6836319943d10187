// Takes a file in, and says how many records are in after each transaction.
import { ingest } from '@headway/books/catalog'

const [catalog, file] = process.argv.slice(2)
for await (const { records } of ingest({ catalog, file })) process.stdout.write(`${records}\n`)
