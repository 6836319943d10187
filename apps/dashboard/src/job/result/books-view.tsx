import { Button, Group, SegmentedControl, Switch, Table, Text, TextInput } from '@mantine/core'
import { IconDownload } from '@tabler/icons-react'
import { memo, useDeferredValue, useMemo, useState } from 'react'
import { counted } from '../format.js'
import type { BookItem } from '../model/books.js'
import { SaidCalmly } from '../parts/said-calmly.js'
import { saveFile } from '../parts/save-file.js'
import classes from './books.module.css'
import { Cover } from './cover.js'
import { booksAsCsv, booksAsJson } from './export-books.js'
import { useOutsideCovers } from './outside-covers.js'

/** So many books are shown before somebody asks for more. */
const PAGE = 120

interface BooksViewProps {
  readonly books: readonly BookItem[]
  readonly omitted: number
  readonly fileName: string
}

/** The books of a job: as covers or as a table, to be searched and taken along. */
export const BooksView = memo(function BooksView({ books, omitted, fileName }: BooksViewProps) {
  const [form, setForm] = useState('covers')
  const [text, setText] = useState('')
  const [outside, setOutside] = useOutsideCovers()
  const [shown, setShown] = useState(PAGE)
  const wanted = useDeferredValue(text.trim().toLowerCase())
  const found = useMemo(() => (wanted === '' ? books : books.filter((book) => isMeant(book, wanted))), [books, wanted])
  const page = found.slice(0, shown)
  return (
    <section aria-label="Books">
      <Group gap="xs" mb="sm">
        <TextInput
          size="xs"
          aria-label="Search the books"
          placeholder="Search the books"
          value={text}
          onChange={(event) => setText(event.currentTarget.value)}
        />
        <SegmentedControl
          size="xs"
          aria-label="Show as"
          classNames={{ label: classes['form'] ?? '' }}
          value={form}
          onChange={setForm}
          data={[
            { value: 'covers', label: 'Covers' },
            { value: 'table', label: 'Table' },
          ]}
        />
        {form === 'covers' && (
          <Switch
            size="xs"
            label="More covers, from openlibrary.org"
            checked={outside}
            onChange={(event) => setOutside(event.currentTarget.checked)}
          />
        )}
        <Text size="sm" c="dimmed">
          {counted(found.length, 'book')}
          {found.length < books.length && ` of ${books.length}`}
        </Text>
        <SaidCalmly text={`${counted(found.length, 'book')} found`} about={wanted} />
        <Group gap={6} ml="auto">
          <Button
            size="xs"
            variant="default"
            leftSection={<IconDownload size={14} aria-hidden />}
            onClick={() => saveFile(`${fileName}.csv`, new Blob([booksAsCsv(found)], { type: 'text/csv' }))}
          >
            CSV
          </Button>
          <Button
            size="xs"
            variant="default"
            leftSection={<IconDownload size={14} aria-hidden />}
            onClick={() => saveFile(`${fileName}.json`, new Blob([booksAsJson(found)], { type: 'application/json' }))}
          >
            JSON
          </Button>
        </Group>
      </Group>
      {form === 'covers' ? <Covers books={page} /> : <BookTable books={page} />}
      {found.length > shown && (
        <Button variant="subtle" size="xs" mt="sm" onClick={() => setShown(shown + PAGE * 4)}>
          Show more of {counted(found.length, 'book')}
        </Button>
      )}
      {omitted > 0 && (
        <Text size="sm" c="dimmed">
          {counted(omitted, 'more book')} did not fit in this page; the result has all.
        </Text>
      )}
    </section>
  )
})

function isMeant({ title, authors, isbn, publisher, outcome }: BookItem, text: string): boolean {
  return [title, ...authors, isbn, publisher, outcome].some((each) => each.toLowerCase().includes(text))
}

function Covers({ books }: { readonly books: readonly BookItem[] }) {
  return (
    <ul className={classes['grid']}>
      {books.map((book) => (
        <li key={book.seq} className={classes['book']} data-outcome={book.outcome}>
          <Cover book={book} />
          <span className={classes['title']}>{book.title}</span>
          <span className={classes['authors']}>{book.authors.join(', ')}</span>
          {isNotable(book) && <span className={classes['outcome']}>{book.outcome}</span>}
        </li>
      ))}
    </ul>
  )
}

function BookTable({ books }: { readonly books: readonly BookItem[] }) {
  return (
    <Table.ScrollContainer minWidth={640}>
      <Table fz="sm" verticalSpacing={4} striped>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>Title</Table.Th>
            <Table.Th>Authors</Table.Th>
            <Table.Th>ISBN</Table.Th>
            <Table.Th>Publisher</Table.Th>
            <Table.Th>Published</Table.Th>
            <Table.Th>Outcome</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {books.map((book) => (
            <Table.Tr key={book.seq}>
              <Table.Td>{book.title}</Table.Td>
              <Table.Td>{book.authors.join(', ')}</Table.Td>
              <Table.Td className="mono">{book.isbn}</Table.Td>
              <Table.Td>{book.publisher}</Table.Td>
              <Table.Td>{book.published}</Table.Td>
              <Table.Td>
                {book.outcome}
                {book.problems.length > 0 && <span className={classes['problems']}>{book.problems.join(' ')}</span>}
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  )
}

/** What became of most books goes without saying. */
function isNotable({ outcome }: BookItem): boolean {
  return outcome !== 'found' && outcome !== 'imported'
}
