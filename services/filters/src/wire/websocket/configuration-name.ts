import type { Json } from '@headway/protocol'
import { z } from 'zod'

const inputSchema = z.object({ configuration: z.object({ name: z.string() }) })

/** What the list is called that a job compiles. Of the input only this is read: it can have thousands of sources. */
export function configurationNameOf(input: Json): string {
  return inputSchema.parse(input).configuration.name
}
