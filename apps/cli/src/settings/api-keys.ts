import { ROLES } from '@headway/server'
import type { ApiKeyOptions, Role } from '@headway/server'
import { z } from 'zod'

const FORM = 'keys with commas between them, each name:roles:key, such as ci:run:KEY or board:read+run:sha256=HEX'
const nameSchema = z.string().regex(/^[A-Za-z0-9_.-]{1,64}$/, 'a name of letters, digits, _ . or -')
const keySchema = z.union([
  z.strictObject({ name: nameSchema, roles: z.array(z.enum(ROLES)).min(1), key: z.string().min(8).max(512) }),
  z.strictObject({ name: nameSchema, roles: z.array(z.enum(ROLES)).min(1), sha256: z.string().regex(/^[0-9a-fA-F]{64}$/) }),
])

/** API keys as text (`name:role+role:key`, where the key may be `sha256=` and its hash) or as objects in the configuration file. */
export function apiKeys() {
  return z.preprocess(
    (value) => (typeof value === 'string' ? fromText(value) : value),
    // Nothing of a key may get into the message: zod's own would not show it, but this says more.
    z.array(keySchema, FORM).refine((keys) => new Set(keys.map(({ name }) => name)).size === keys.length, 'names that differ'),
  ) as z.ZodType<ApiKeyOptions[]>
}

function fromText(text: string): unknown {
  return text
    .split(',')
    .map((item) => item.trim())
    .filter((item) => item !== '')
    .map((item) => {
      const [name = '', roles = '', ...rest] = item.split(':')
      const key = rest.join(':')
      const owner = { name, roles: roles.split('+') as Role[] }
      return key.startsWith('sha256=') ? { ...owner, sha256: key.slice('sha256='.length) } : { ...owner, key }
    })
}
