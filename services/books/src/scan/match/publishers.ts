import { likeness } from '../../catalog/ask/similarity.js'
import { compared } from './compared.js'

/** Names of publishers and series as they stand at the foot of spines; they say nothing of which book it is. */
const MARKS = [
  'Penguin', 'Penguin Books', 'Penguin Classics', 'Modern Classics', 'Vintage', 'Picador', 'Faber', 'Faber and Faber', 'ff', 'Knopf', 'Harper',
  'HarperCollins', 'Harper Perennial', 'Perennial', 'Signet', 'Signet Classics', 'Tor', 'Bantam', 'Doubleday', 'Anchor', 'Scribner', 'Del Rey', 'Orbit',
  'Ace', 'Daw', 'Roc', 'Dell', 'Avon', 'Berkley', 'Pan', 'Pan Books', 'Pan Macmillan', 'Macmillan', 'Corgi', 'Headline', 'Hodder', 'Bloomsbury', 'Scholastic', 'Puffin',
  'Puffin Books', 'Oxford', 'Oxford University Press', 'Oxford World’s Classics', 'Cambridge', 'Norton', 'Random House', 'Simon and Schuster', 'Pocket Books', 'Little, Brown', 'Grove',
  'Virago', 'Virago Modern Classics', 'Gollancz', 'Canongate', 'Granta', 'Everyman', 'Everyman’s Library', 'Wordsworth Classics', 'Dover', 'Viking', 'Riverhead', 'Ecco', 'FSG',
  'Farrar, Straus and Giroux', 'St. Martin’s', 'Minotaur', 'Mariner', 'Houghton Mifflin', 'Crown', 'Ballantine', 'Plume', 'Dutton', 'Putnam', 'Hachette', 'Gallimard', 'folio', 'Suhrkamp',
  'Reclam', 'rororo', 'dtv', 'Fischer', 'Diogenes', 'Insel', 'Hanser', 'Arrow', 'Abacus', 'Black Swan', 'Sceptre', 'Serpent’s Tail', 'Jonathan Cape', 'Hogarth', 'Atria', 'Gallery',
  'a novel', 'novel', 'bestseller', 'international bestseller', 'New York Times bestseller',
].map(compared) // prettier-ignore

/** Above one letter in six: Morton is an author, Norton a publisher. */
const ALIKE = 0.85

/** Whether a line is a publisher's mark, or such a short remark as `A NOVEL`. */
export function isMark(text: string): boolean {
  const read = compared(text)
  return read.length <= 1 || MARKS.some((mark) => likeness(mark, read) >= ALIKE)
}

/** Letters of the shortest mark that is recognised where it runs together with what stands before it, and of what must stand there. */
const SHORTEST_AT_END = 5

/** Where a publisher's mark begins in a compared text that runs together with it (`janeaustenvintage`); its length where there is none. */
export function markStart(text: string): number {
  const isAtEnd = (mark: string): boolean =>
    mark.length >= SHORTEST_AT_END && text.length >= mark.length + SHORTEST_AT_END && text.endsWith(mark)
  return text.length - (MARKS.find(isAtEnd)?.length ?? 0)
}
