import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { delimiter, join } from 'node:path'
import { onTestFinished } from 'vitest'
import { freePort } from '../../../apps/cli/src/demo/free-port.js'
import { listensAt } from '../../../apps/cli/test/support/listens-at.js'
import { Program, ROOT } from './program.js'
import type { AtEnd } from './program.js'

export interface Nginx {
  /** Without a slash at the end. */
  readonly url: string
  readonly accessLog: () => Promise<string>
}

export interface NginxOptions {
  /** Where Headway listens; several: behind the file for many nodes. */
  readonly target: string | readonly string[]
  /** In the test's own folder. */
  readonly folder: string
  /** All read time-outs, in place of those of the file. In seconds. */
  readonly readTimeoutSeconds?: number
  /** When it ends: with the test by default. */
  readonly atEnd?: AtEnd
}

/** Debian's nginx with the server block that ships, changed only in what an installation changes: where things are. */
export async function startNginx({ target, folder, readTimeoutSeconds, atEnd = onTestFinished }: NginxOptions): Promise<Nginx> {
  const port = await freePort()
  const log = join(folder, 'access.log')
  const servers: readonly (readonly [string, string])[] =
    typeof target === 'string'
      ? [['server 127.0.0.1:3000;', `server ${new URL(target).host};`]]
      : target.map((url, index) => [`server api-${index + 1}:3000 `, `server ${new URL(url).host} `])
  const shipped = await readFile(join(ROOT, typeof target === 'string' ? 'deploy/nginx.conf' : 'deploy/nginx-many.conf'), 'utf8')
  const site = replaceAll(shipped, [['listen 80;', `listen 127.0.0.1:${port};`], ...servers, ['/var/log/nginx/headway.log', log]])
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map((name) => `${name}_temp_path ${join(folder, name)};`)
  const configuration = [
    'daemon off; master_process off;',
    `pid ${join(folder, 'nginx.pid')}; error_log stderr warn;`,
    'events {}',
    `http { ${temporary.join(' ')} include site.conf; }`,
  ]
  await mkdir(folder, { recursive: true })
  await writeFile(join(folder, 'nginx.conf'), configuration.join('\n'))
  const times =
    readTimeoutSeconds === undefined ? site : site.replaceAll(/proxy_read_timeout \d+s/g, `proxy_read_timeout ${readTimeoutSeconds}s`)
  await writeFile(join(folder, 'site.conf'), times)
  // Where Debian has it, which is not in everybody's PATH.
  const env = { PATH: [process.env['PATH'], '/usr/sbin'].join(delimiter) }
  const program = new Program('nginx', ['-p', folder, '-c', 'nginx.conf', '-e', 'stderr'], { cwd: folder, env, atEnd })
  while (!(await listensAt(port))) {
    if (program.process.exitCode !== null) throw new Error(`nginx ended:\n${program.stderr}`)
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
  return { url: `http://127.0.0.1:${port}`, accessLog: () => readFile(log, 'utf8') }
}

function replaceAll(text: string, changes: readonly (readonly [string, string])[]): string {
  let changed = text
  for (const [from, to] of changes) {
    if (!changed.includes(from)) throw new Error(`The file in deploy has no "${from}".`)
    changed = changed.replace(from, () => to)
  }
  return changed
}
