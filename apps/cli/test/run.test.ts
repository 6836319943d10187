import { describe, expect, it } from 'vitest'
import { run, workFolder } from './support/command.js'
import { serverForTests } from './support/server.js'

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/

describe('headway run', () => {
  const shared = serverForTests({ 'params.json': '{"count":3,"who":"file"}' })

  it('prints the id, and how to see the job', async () => {
    const server = shared()
    const { stdout, stderr, code } = await server.run(['run', 'hello'])
    expect(code).toBe(0)
    expect(stdout.trim()).toMatch(UUID)
    expect(stderr).toBe(`headway: To see it: headway watch ${stdout.trim()}\n`)
  })

  it('gives parameters the types of the schema, or takes them as JSON', async () => {
    const server = shared()
    const typed = await server.run(['run', 'hello', '--json', '--param', 'count=5', '--param', 'loud=true', '--param', 'who=7'])
    expect(JSON.parse(typed.stdout)).toMatchObject({ type: 'hello', input: { count: 5, loud: true, who: '7' } })
    const json = await server.run(['run', 'hello', '--json', '--param', 'count:=2', '--param', 'who:="a=b"'])
    expect(JSON.parse(json.stdout)).toMatchObject({ input: { count: 2, who: 'a=b' } })
    const equals = await server.run(['run', 'hello', '--json', '--param', 'who=--force $(x)=y'])
    expect(JSON.parse(equals.stdout)).toMatchObject({ input: { who: '--force $(x)=y' } })
  })

  it('takes parameters from a file or the standard input; flags win', async () => {
    const server = shared()
    const file = await server.run(['run', 'hello', '--json', '--params-json', 'params.json', '--param', 'who=flag'])
    expect(JSON.parse(file.stdout)).toMatchObject({ input: { count: 3, who: 'flag' } })
    const stdin = await server.run(['run', 'hello', '--json', '--params-json', '-'], {}, { input: '{"who":"stdin"}' })
    expect(JSON.parse(stdin.stdout)).toMatchObject({ input: { who: 'stdin' } })
  })

  it('shows what the server refuses, field by field', async () => {
    const server = shared()
    const fields = await server.run(['run', 'hello', '--param', 'count=many', '--param', 'hwo=me'])
    expect(fields.code).toBe(1)
    expect(fields.stdout).toBe('')
    expect(fields.stderr).toMatch(/^headway: .*\n {2}count: must be integer\n {2}hwo: is not a parameter.*\n$/)
    const type = await server.run(['run', 'nothing'])
    expect({ code: type.code, stderr: type.stderr }).toEqual({ code: 1, stderr: expect.stringMatching(/hello, fails, gate/) as string })
  })

  it('makes one job for one idempotency key', async () => {
    const server = shared()
    const [first, second] = [
      await server.run(['run', 'hello', '--idempotency-key', 'today']),
      await server.run(['run', 'hello', '--idempotency-key', 'today']),
    ]
    expect(second.stdout).toBe(first.stdout)
    const other = await server.run(['run', 'hello', '--param', 'who=me', '--idempotency-key', 'today'])
    expect({ code: other.code, stdout: other.stdout }).toEqual({ code: 1, stdout: '' })
  })

  it('waits for the end, and says by its exit code how it was', async () => {
    const server = shared()
    const good = await server.run(['run', 'hello', '--wait', '--json'])
    expect(good.code).toBe(0)
    expect(JSON.parse(good.stdout)).toMatchObject({ status: 'completed', result: { success: true } })
    const bad = await server.run(['run', 'fails', '--wait'])
    expect(bad.code).toBe(1)
    expect(bad.stdout.trim()).toMatch(UUID)
    expect(bad.stderr).toMatch(/^headway: failed after \S+: The step "fail" ended with exit code 3\. \(step_failed\)\n$/)
    const waiting = server.begin(['run', 'gate', '--wait'])
    const [id = ''] = await waiting.says(/\S+(?=\n)/)
    expect((await server.run(['cancel', id])).code).toBe(0)
    expect(await waiting.exit).toBe(130)
    expect(waiting.stderr).toMatch(/^headway: cancelled/)
  })
})

describe('wrong use of headway run', () => {
  // Nothing is asked of any server: there is none.
  it.each([
    [['--param', 'version'], '--param is "version"; write it as name=value.'],
    [['--param', '=v1'], '--param is "=v1"; write it as name=value.'],
    [['--param', 'a=1', '--param', 'a=2'], 'The parameter "a" is given twice.'],
    [['--param', 'a:=yes'], 'The value of --param a:= is not valid JSON'],
    [['--params-json', 'nowhere.json'], "nowhere.json can't be read: ENOENT."],
    [['--params-json', 'list.json'], 'list.json must hold a JSON object'],
    [['--give-up-after', 'soon'], '--give-up-after is "soon"; it must be a time such as'],
    [['--no-such-flag'], "unknown option '--no-such-flag'"],
  ])('is told before anything is asked: %j', async (args, message) => {
    const folder = await workFolder({ 'list.json': '[]' })
    const { code, stdout, stderr } = await run(folder, ['run', 'hello', ...args], { HEADWAY_URL: 'http://127.0.0.1:9' })
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
    expect(stderr).toContain(message)
  })
})
