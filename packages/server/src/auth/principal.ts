/** What an API key may do. `run` includes `read`; `admin` includes both. */
export const ROLES = ['read', 'run', 'admin'] as const
export type Role = (typeof ROLES)[number]

/** What a token may do with its one job. A ticket reads, and only from a URL. */
export type TokenScope = 'read' | 'control'

/** Who asks. `id` is stable, and the scope of idempotency keys. */
export type Principal =
  | { readonly kind: 'key'; readonly id: string; readonly name: string; readonly roles: readonly Role[] }
  | { readonly kind: 'anonymous'; readonly id: 'anonymous' }

/** Whether one of these roles includes the needed one. */
export function includesRole(roles: readonly Role[], needed: Role): boolean {
  const rank = ROLES.indexOf(needed)
  return roles.some((role) => ROLES.indexOf(role) >= rank)
}
