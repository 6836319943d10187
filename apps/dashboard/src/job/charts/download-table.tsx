import { Table } from '@mantine/core'
import { useMemo } from 'react'
import { formatBytes, formatDuration } from '../../shared/format.js'
import { counted } from '../format.js'
import type { Download } from '../model/figures.js'
import classes from './charts.module.css'

/** So many downloads are in the table: those that took longest. */
const MAX_ROWS = 100

/** The downloads that took longest. */
export function DownloadTable({ downloads }: { readonly downloads: readonly Download[] }) {
  const rows = useMemo(() => downloads.toSorted((a, b) => b.durationMs - a.durationMs).slice(0, MAX_ROWS), [downloads])
  const longest = rows[0]?.durationMs ?? 1
  return (
    <section className={classes['wide']} aria-label="Downloads">
      <Table.ScrollContainer minWidth={480}>
        <Table fz="sm" verticalSpacing={4}>
          <Table.Caption>
            {rows.length < downloads.length ? `The longest ${rows.length} of ${counted(downloads.length, 'request')}` : 'The longest first'}
          </Table.Caption>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>Address</Table.Th>
              <Table.Th>Status</Table.Th>
              <Table.Th ta="right">Size</Table.Th>
              <Table.Th ta="right">Took</Table.Th>
              <Table.Th w={120}>
                <span className="visually-hidden">Share of the longest</span>
              </Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {rows.map(({ seq, url, status, size, durationMs }) => (
              <Table.Tr key={seq}>
                <Table.Td className={classes['url']}>{url}</Table.Td>
                <Table.Td>{status ?? 'no answer'}</Table.Td>
                <Table.Td ta="right">{formatBytes(size)}</Table.Td>
                <Table.Td ta="right">{formatDuration(durationMs)}</Table.Td>
                <Table.Td>
                  <span className={classes['share']} style={{ width: `${(durationMs / longest) * 100}%` }} />
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
    </section>
  )
}
