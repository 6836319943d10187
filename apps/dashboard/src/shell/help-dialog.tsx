import { Kbd, Modal, Switch, Table } from '@mantine/core'
import { SHORTCUTS, useShortcutsOn } from './shortcuts.js'

/** All keys that do something. */
export function HelpDialog({ opened, onClose }: { readonly opened: boolean; readonly onClose: () => void }) {
  const [on, setOn] = useShortcutsOn()
  return (
    <Modal opened={opened} onClose={onClose} title="Keyboard shortcuts" size="sm">
      <Table verticalSpacing={6} mb="sm">
        <Table.Tbody>
          {SHORTCUTS.map(({ keys, does }) => (
            <Table.Tr key={keys.join()}>
              <Table.Td w={90}>
                {keys.map((key) => (
                  <Kbd key={key} mr={4}>
                    {key}
                  </Kbd>
                ))}
              </Table.Td>
              <Table.Td>{does}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
      <Switch label="Shortcuts of single letters" checked={on} onChange={(event) => setOn(event.currentTarget.checked)} />
    </Modal>
  )
}
