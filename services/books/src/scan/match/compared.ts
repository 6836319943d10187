import { fold } from '../../catalog/fold.js'

/**
 * A text as it is compared with what was read: folded, without spaces (readers lose them), and letters that look alike made one.
 */
export function compared(text: string): string {
  return fold(text)
    .replaceAll(' ', '')
    .replaceAll(/[1l|i]/g, 'l')
    .replaceAll('0', 'o')
}

/** The digits that tell volumes apart: those that are not taken for letters. */
export function digitsOf(text: string): string {
  return text.replaceAll(/[^2-9]/g, '')
}
