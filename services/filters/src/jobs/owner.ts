/**
 * Among whom the compiler's threads are shared out: each address, and the holders of API keys together. The same goes for the previous lists
 * that a compilation is compared with: holders of API keys see each other's jobs anyway; a name alone must not open somebody else's list.
 *
 * @param owner of the input; see `ownerOf` of the server
 */
export function sharerOf(owner: string | undefined): string {
  return owner ?? 'keys'
}
