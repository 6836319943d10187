import type { ApiKeyOptions } from '@headway/server'
import { ROLES } from '@headway/server/settings'
import { z } from 'zod'

const FORM =
  'keys with commas between them, each name:roles:key, such as ci:run:KEY or board:read+run:sha256=HEX, with different names and keys of 8 to 512 characters'

const ownerShape = { name: z.string().regex(/^[A-Za-z0-9_.-]{1,64}$/), roles: z.array(z.enum(ROLES)).min(1) }
const keysSchema = z.array(
  z.union([
    z.strictObject({ ...ownerShape, key: z.string().min(8).max(512) }),
    z.strictObject({ ...ownerShape, sha256: z.string().regex(/^[0-9a-fA-F]{64}$/) }),
  ]),
)

/** API keys as text (`name:role+role:key`, where the key may be `sha256=` and its hash) or as objects in the configuration file. */
export function apiKeys() {
  return z.unknown().transform((value, context): ApiKeyOptions[] => {
    const keys = keysSchema.safeParse(typeof value === 'string' ? fromText(value) : value)
    if (keys.success && new Set(keys.data.map(({ name }) => name)).size === keys.data.length) return keys.data
    // Nothing of a key may get into the message.
    context.addIssue({ code: 'custom', message: FORM })
    return z.NEVER
  })
}

function fromText(text: string): unknown {
  return text
    .split(',')
    .map((item) => item.trim())
    .filter((item) => item !== '')
    .map((item) => {
      const [name = '', roles = '', ...rest] = item.split(':')
      const key = rest.join(':')
      const owner = { name, roles: roles.split('+') }
      return key.startsWith('sha256=') ? { ...owner, sha256: key.slice('sha256='.length) } : { ...owner, key }
    })
}
