/**
 * Where an ASCII character is first found, or -1. For lines, which are parts of larger texts, this takes a fraction of the time of `indexOf`.
 */
export function findCode(text: string, code: number, from: number): number {
  for (let at = from; at < text.length; at++) if (text.charCodeAt(at) === code) return at
  return -1
}
