/** A request for a stream, as it goes over the wire. */
export function watchRequest(path, headers = {}) {
  return head(path, { Accept: 'text/event-stream', ...headers })
}

/** A request for a WebSocket. */
export function upgradeRequest(path, headers = {}) {
  return head(path, {
    Connection: 'Upgrade',
    Upgrade: 'websocket',
    'Sec-WebSocket-Version': '13',
    'Sec-WebSocket-Key': Buffer.alloc(16).toString('base64'),
    ...headers,
  })
}

function head(path, headers) {
  const lines = Object.entries({ Host: '127.0.0.1', ...headers }).map(([name, value]) => `${name}: ${value}\r\n`)
  return `GET ${path} HTTP/1.1\r\n${lines.join('')}\r\n`
}
