/** The name under which the tabs that may share a connection find each other: those of one server and one credential, which it does not show. */
export async function channelName(baseUrl: string, credential: string | undefined): Promise<string> {
  const bytes = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(`${baseUrl}\n${credential ?? ''}`))
  return `headway ${btoa(String.fromCharCode(...new Uint8Array(bytes)))}`
}
