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

const ALIKE = 0.8

/** Whether a line is a publisher's mark, or such a short remark as `A NOVEL`. */
export function isMark(text: string): boolean {
  const read = compared(text)
  return read.length <= 1 || MARKS.some((mark) => likeness(mark, read) >= ALIKE)
}
