/**
 * What is wrong with the text between the slashes of a pattern; undefined where it is a regular expression. Only its syntax is looked at:
 * JavaScript translates an expression when it is first used.
 */
export function regexProblem(source: string): string | undefined {
  try {
    // What this is for: the flags are those of the reference, so it is not a unicode expression.
    void new RegExp(source, 'im')
    return undefined
  } catch (error) {
    const { message } = error as Error
    // The message repeats the expression, which may be long, and says what is wrong behind the last colon.
    return message.slice(message.lastIndexOf(': ') + 2)
  }
}
