import { Button, Checkbox, Textarea } from '@mantine/core'
import type { Json } from '@headway/protocol'
import { IconFileUpload } from '@tabler/icons-react'
import { useMemo, useState } from 'react'
import type { RJSFSchema } from '@rjsf/utils'
import type { FormProps } from '../form-props.js'
import classes from '../new-job.module.css'
import { Refused } from '../refused.js'
import { DropZone } from '../upload/drop-zone.js'
import { StartButton } from '../start-button.js'
import { useCreation } from '../use-creation.js'
import { EXAMPLES } from './examples.js'
import { readConfiguration } from './read-configuration.js'
import type { PlacedMistake, ReadConfiguration } from './read-configuration.js'

const NO_EXAMPLE = { text: '' }
/** More than that is no configuration that one types. In bytes. */
const MAX_FILE_BYTES = 1_000_000

/** A form for a filter configuration: typed, dropped as a file, or begun with an example. */
export default function CompileForm({ type, initial, created }: FormProps) {
  const schema = useMemo(() => (type.input ?? {}) as RJSFSchema, [type])
  const [text, setText] = useState(() => (initial === undefined ? (EXAMPLES[0] ?? NO_EXAMPLE).text : JSON.stringify(initial, null, 2)))
  const [benchmark, setBenchmark] = useState(false)
  const [read, setRead] = useState<ReadConfiguration>()
  const [complaint, setComplaint] = useState<string>()
  const { creating, error, create } = useCreation<Json>(
    (client, input) => client.jobs.create(type.name, input).then(({ job }) => job.id),
    created,
  )

  const change = (changed: string): void => {
    setText(changed)
    setRead(undefined)
    setComplaint(undefined)
  }
  const submit = async (): Promise<void> => {
    const result = await readConfiguration(text, schema)
    setRead(result)
    if (result.mistakes.length > 0 || result.input === undefined) return
    create(benchmark ? { ...(result.input as Readonly<Record<string, Json>>), benchmark: true } : result.input)
  }
  const open = async (file: File | undefined): Promise<void> => {
    if (file === undefined) return
    if (file.size > MAX_FILE_BYTES) setComplaint(`${file.name} is too large to be shown here; headway compile takes it.`)
    else change(await file.text())
  }

  const problem = (error as { problem?: { errors?: { pointer: string; message: string }[] } } | undefined)?.problem
  const mistakes = read === undefined ? [] : read.mistakes.length > 0 ? read.mistakes : read.place(problem?.errors ?? [])
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault()
        void submit()
      }}
    >
      {error !== undefined && read !== undefined && <Refused error={error} />}
      <div className={classes['examples']} role="group" aria-label="Examples">
        <span className={classes['soft']}>Begin with</span>
        {EXAMPLES.map((example) => (
          <Button key={example.name} size="compact-xs" variant="default" onClick={() => change(example.text)}>
            {example.name}
          </Button>
        ))}
      </div>
      <Textarea
        label="Configuration"
        description="JSON or YAML: a configuration, or a whole request with configuration and preFetchedContent"
        value={text}
        onChange={(event) => change(event.currentTarget.value)}
        autosize
        minRows={12}
        maxRows={30}
        spellCheck={false}
        styles={{ input: { fontFamily: 'var(--mantine-font-family-monospace)', fontSize: 13 } }}
        error={mistakes.length > 0 ? <Mistakes mistakes={mistakes} /> : complaint}
        errorProps={{ component: 'div', role: 'alert' }}
      />
      <div style={{ marginTop: 10 }}>
        <DropZone
          label="Choose a configuration file"
          accept={['.json', '.yaml', '.yml', 'application/json']}
          multiple={false}
          add={(files) => void open(files[0])}
        >
          <span>
            <IconFileUpload size={16} aria-hidden style={{ verticalAlign: 'text-bottom' }} /> Drop a JSON or YAML file here, or choose it
          </span>
        </DropZone>
      </div>
      <Checkbox
        mt="sm"
        label="Measure each transformation"
        checked={benchmark}
        onChange={(event) => setBenchmark(event.currentTarget.checked)}
      />
      <StartButton creating={creating} />
    </form>
  )
}

function Mistakes({ mistakes }: { readonly mistakes: readonly PlacedMistake[] }) {
  return (
    <ul className={classes['mistakes']}>
      {mistakes.map(({ pointer, message, line }) => (
        <li key={`${pointer} ${message}`}>
          {line !== undefined && `Line ${line}: `}
          {pointer !== '' && <code>{pointer.slice(1).replaceAll('/', ' › ')}</code>} {message}
        </li>
      ))}
    </ul>
  )
}
