import { Table, Text } from '@mantine/core'
import { formatDuration } from '../../shared/format.js'
import { listOf, numberOf, objectOf, textOf } from '../model/wire.js'
import type { Json } from '../model/wire.js'
import { JsonTree } from '../parts/json-tree.js'

/** What the steps of a task came to. @param result of the job, or the details of its failure */
export function TaskSteps({ result }: { readonly result: Json | undefined }) {
  const steps = listOf(objectOf(result)['results']).map(objectOf)
  const values = steps.flatMap((step) =>
    step['result'] === undefined ? [] : [{ name: textOf(step['name']) ?? '', value: step['result'] }],
  )
  return (
    <>
      <Table.ScrollContainer minWidth={420}>
        <Table fz="sm" verticalSpacing={5}>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>Step</Table.Th>
              <Table.Th>Ended</Table.Th>
              <Table.Th ta="right">Took</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {steps.map((step, index) => (
              <Table.Tr key={index}>
                <Table.Td>{textOf(step['name'])}</Table.Td>
                <Table.Td>
                  {endOf(step)}
                  {textOf(step['error']) !== undefined && (
                    <Text size="xs" c="dimmed">
                      {textOf(step['error'])}
                    </Text>
                  )}
                </Table.Td>
                <Table.Td ta="right">{formatDuration(numberOf(step['durationMs']) ?? 0)}</Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
      {values.map(({ name, value }, index) => (
        <section key={index} aria-label={`What ${name} gave`}>
          <Text size="sm" fw={600} mt="md" mb={4}>
            {name} gave
          </Text>
          <JsonTree value={value} label={`What ${name} gave`} />
        </section>
      ))}
    </>
  )
}

function endOf(step: ReturnType<typeof objectOf>): string {
  if (step['success'] === true) return 'well'
  const signal = textOf(step['signal'])
  if (signal !== undefined) return `by ${signal}`
  const code = numberOf(step['exitCode'])
  return code === undefined ? 'did not start' : `with exit code ${code}`
}

/** Whether a result is one of a task. */
export function isTaskResult(result: Json | undefined): boolean {
  const { results, summary } = objectOf(result)
  return Array.isArray(results) && summary !== undefined
}
