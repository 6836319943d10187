import { describe, expect, it } from 'vitest'
import { run, workFolder } from './support/command.js'

/** What `headway config` shows for one setting. */
async function shown(
  name: string,
  args: string[],
  env: Record<string, string>,
  files: Record<string, string> = {},
): Promise<string | undefined> {
  const { stdout, stderr, code } = await run(await workFolder(files), ['config', ...args], env)
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
  return new RegExp(`^${name} +(.*)$`, 'm').exec(stdout)?.[1]
}

describe('settings', () => {
  it('come from flags, then the environment, then the file, then the defaults', async () => {
    const yaml = { 'headway.config.yaml': 'port: 4001\n' }
    expect(await shown('port', [], {})).toBe('3000  (default)')
    expect(await shown('port', [], {}, yaml)).toMatch(/^4001 {2}\(.*headway\.config\.yaml\)$/)
    expect(await shown('port', [], { PORT: '4002' }, yaml)).toBe('4002  (PORT)')
    expect(await shown('port', ['--port', '4003'], { PORT: '4002' }, yaml)).toBe('4003  (--port)')
    expect(await shown('port', [], { PORT: '' })).toBe('3000  (default)')
  })

  it('come from a module, too', async () => {
    const module = { 'headway.config.mjs': "export default { corsOrigins: ['null'], shutdownGrace: '90s', lease: 20 }\n" }
    expect(await shown('corsOrigins', [], {}, module)).toMatch(/^null /)
    expect(await shown('shutdownGrace', [], {}, module)).toMatch(/^90s /)
    expect(await shown('lease', [], {}, module)).toMatch(/^20s /)
  })

  it('come from the file that is named', async () => {
    const files = { 'other.yaml': 'keepFinished: 7\n', 'headway.config.yaml': 'keepFinished: 8\n' }
    expect(await shown('keepFinished', ['--config', 'other.yaml'], {}, files)).toMatch(/^7 /)
    expect(await shown('keepFinished', [], { HEADWAY_CONFIG: 'other.yaml' }, files)).toMatch(/^7 /)
  })

  it('are lists with commas between', async () => {
    expect(await shown('ipAllow', [], { HEADWAY_IP_ALLOW: '10.0.0.0/8, ::1,' })).toBe('10.0.0.0/8, ::1  (HEADWAY_IP_ALLOW)')
  })

  it('name whom books are looked up at', async () => {
    expect(await shown('booksProviders', [], { HEADWAY_BOOKS_PROVIDERS: 'isbndb, open_library' })).toMatch(/^isbndb, open_library /)
    expect(await shown('booksProviders', [], { HEADWAY_BOOKS_PROVIDERS: 'none' })).toMatch(/^none /)
    expect((await run(await workFolder(), ['config'], { HEADWAY_BOOKS_PROVIDERS: 'none,isbndb' })).code).toBe(1)
    const { code, stderr } = await run(await workFolder(), ['serve', '--port', '0', '--books-providers', 'isbndb'])
    expect(code).toBe(1)
    expect(stderr).toBe('headway: booksProviders names isbndb, which needs a key: set HEADWAY_ISBNDB_KEY.\n')
  })

  it('show where the store is without its password, also when it is wrong', async () => {
    const at = 'postgres://headway:p%40ss@db.example.com:6432/headway?sslmode=require'
    expect(await shown('store', [], { HEADWAY_STORE: at })).toBe(
      'postgres://headway:***@db.example.com:6432/headway?sslmode=require  (HEADWAY_STORE)',
    )
    expect(await shown('store', [], { HEADWAY_STORE: 'postgresql://db.example.com/headway?password=p%40ss' })).toMatch(
      /^postgresql:\/\/db\.example\.com\/headway\?password=\*\*\* /,
    )
    expect(await shown('storeListen', [], { HEADWAY_STORE_LISTEN: at })).not.toContain('p%40ss')
    expect(await shown('store', [], {})).toBe('sqlite:  (default)')
    const bucket = 's3://blobs/of/headway?region=eu-central-1&endpoint=http://127.0.0.1:9000'
    expect(await shown('blobBucket', [], { HEADWAY_BLOB_BUCKET: bucket })).toBe(`${bucket}  (HEADWAY_BLOB_BUCKET)`)
    for (const env of [
      { HEADWAY_STORE: 'mysql://headway:a-secret@db.example.com/headway' },
      { HEADWAY_STORE: 'postgres//headway:a-secret@db.example.com/headway' },
      { HEADWAY_STORE: 'host=db.example.com user=headway password=a-secret dbname=headway' },
      { HEADWAY_STORE: 'postgres://headway:123/a-secret@db.example.com/headway' },
      { HEADWAY_STORE: 'postgres://headway:a@a-secret/x@db.example.com/headway' },
      { HEADWAY_STORE_LISTEN: 'http://headway:a-secret@db.example.com/headway' },
      { HEADWAY_BLOB_BUCKET: 's3://key:a-secret@blobs/' },
      { HEADWAY_STORE_SCHEMA: 'Head Way' },
    ]) {
      const { code, stdout, stderr } = await run(await workFolder(), ['config'], env)
      expect(code).toBe(1)
      expect(stderr).toContain("can't be used: it must be")
      expect(stdout + stderr).not.toContain('a-secret')
    }
  })

  it('that are secret are not shown', async () => {
    const env = {
      HEADWAY_ADMIN_KEY: 'a-secret-admin-key',
      HEADWAY_API_KEYS: 'ci:run:a-secret-ci-key',
      HEADWAY_ISBNDB_KEY: 'a-secret-isbndb-key',
    }
    expect(await shown('adminKey', [], env)).toBe('[redacted]  (HEADWAY_ADMIN_KEY)')
    expect(await shown('apiKeys', [], env)).toBe('[redacted]  (HEADWAY_API_KEYS)')
    expect(await shown('isbndbKey', [], env)).toBe('[redacted]  (HEADWAY_ISBNDB_KEY)')
  })

  it('that are wrong are all named, with what is allowed, and nothing starts', async () => {
    const env = { HEADWAY_LOG_LEVEL: 'loud', HEADWAY_API_KEYS: 'ci:boss:a-secret-ci-key', HEADWAY_ADMIN_KEY: 'short' }
    const { code, stdout, stderr } = await run(await workFolder(), ['serve', '--port', '70000', '--lease', 'a while'], env)
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' })
    expect(stderr).toContain('port (--port; in the environment PORT) is "70000"')
    expect(stderr).toContain('a whole number from 0 to 65535')
    expect(stderr).toContain('lease (--lease; in the environment HEADWAY_LEASE) is "a while"')
    expect(stderr).toContain('logLevel (HEADWAY_LOG_LEVEL) is "loud"')
    expect(stderr).toContain('name:roles:key')
    expect(stderr).toContain("adminKey (HEADWAY_ADMIN_KEY) can't be used: it must be a text of at least 8 characters")
    expect(stderr).not.toMatch(/a-secret|"short"/)
  })

  it.each([
    ['ipAllow', 'HEADWAY_IP_ALLOW', 'foo', 'addresses and CIDR ranges'],
    ['trustProxy', 'HEADWAY_TRUST_PROXY', '10.0.0.0/33', 'addresses and CIDR ranges'],
    ['corsOrigins', 'HEADWAY_CORS_ORIGINS', 'https://app.example/path', 'origins'],
  ])('with a list that makes no sense are refused: %s', async (name, variable, value, allowed) => {
    const { code, stderr } = await run(await workFolder(), ['serve', '--port', '0'], { [variable]: value })
    expect(code).toBe(1)
    expect(stderr).toContain(`${name} (${variable}) is "${value}", which can't be used: it must be ${allowed}`)
    expect(stderr).not.toMatch(/^ +at /m)
  })

  it('that nobody knows are refused', async () => {
    const { code, stderr } = await run(await workFolder({ 'headway.config.yaml': 'prot: 1\n' }), ['config'])
    expect(code).toBe(1)
    expect(stderr).toContain('there is no setting "prot"')
  })

  it.each([
    ['headway.config.yaml', 'port: [1\n', /headway\.config\.yaml:\d+:\d+: /],
    ['headway.config.yaml', '- 1\n', /must hold an object of settings/],
    ['headway.config.mjs', 'export default 5\n', /must hold an object of settings as its default export/],
    ['headway.config.mjs', 'throw new Error("oh no")\n', /headway\.config\.mjs: oh no/],
  ])('in a file that can not be read are refused: %s with %j', async (name, text, message) => {
    const { code, stderr } = await run(await workFolder({ [name]: text }), ['config'])
    expect(code).toBe(1)
    expect(stderr).toMatch(message)
    expect(stderr).not.toMatch(/^ +at /m)
  })

  it('in a file that is not there are refused', async () => {
    const { code, stderr } = await run(await workFolder(), ['config', '--config', 'nowhere.yaml'])
    expect({ code, stderr }).toMatchObject({ code: 1, stderr: expect.stringContaining("nowhere.yaml can't be read: ENOENT") as string })
  })
})
