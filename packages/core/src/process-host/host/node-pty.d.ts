// The part of the package that gives its native functions alone. Its own terminals end their reading 200 ms after the program's end, whatever is
// still to be read.
declare module '@lydell/node-pty/requireBinary.js' {
  /** @throws Error when there is no binary for this platform, with advice */
  export function requireBinary(file: string): unknown
}
