import { describe, expect, test } from 'vitest'
import { coverUrlOf } from '../src/job/result/outside-covers.js'
import { editableInput } from '../src/new-job/editable-input.js'
import { Session } from '../src/session/session.js'

describe('the shell and its forms', () => {
  test('one signs in where storage is full or forbidden', () => {
    const refuse = (): never => {
      throw new DOMException('no', 'QuotaExceededError')
    }
    const session = new Session({ getItem: refuse, setItem: refuse, removeItem: refuse } as unknown as Storage)
    expect(session.state().apiKey).toBeUndefined()
    session.signIn('key', true)
    expect(session.state().apiKey).toBe('key')
    session.signOut()
    expect(session.state().apiKey).toBeUndefined()
  })

  test('run again leaves out what the server puts beside an input, and gives none where a file stands in', () => {
    const schema = { type: 'object', properties: { books: {}, name: {} } }
    expect(editableInput({ books: [1], owner: 'x', seal: 'y' }, schema)).toEqual({ books: [1] })
    expect(editableInput({ name: 'a', configurationBlob: { blob: 'b' } }, schema)).toBeUndefined()
    expect(editableInput([1], schema)).toEqual([1])
    expect(editableInput({ any: 1 }, null)).toEqual({ any: 1 })
  })

  test('nobody else is asked for covers unless that was switched on', () => {
    const book = { coverUrl: undefined, isbn: '9780618346257' }
    expect(coverUrlOf(book, false)).toBeUndefined()
    expect(coverUrlOf(book, true)).toContain('//covers.openlibrary.org/b/isbn/9780618346257-')
    expect(coverUrlOf({ ...book, coverUrl: 'https://a.example/b.jpg' }, false)).toBe('https://a.example/b.jpg')
  })
})
