/** Settings that can't be used. One line for each, which names the setting, where it comes from and what is allowed. */
export class SettingsError extends Error {
  override readonly name = 'SettingsError'

  constructor(lines: readonly string[]) {
    super(lines.join('\n'))
  }
}
