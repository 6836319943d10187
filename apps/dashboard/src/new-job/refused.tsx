import { ErrorAlert } from '../shared/error-alert.js'
import { Box } from '@mantine/core'

/** The server did not take it. What it says of single fields stands at these. */
export function Refused({ error }: { readonly error: Error }) {
  return (
    <Box mb="sm">
      <ErrorAlert title="The job was not created" error={error} />
    </Box>
  )
}
