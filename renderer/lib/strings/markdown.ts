import { formatCount } from '../format.ts';

/** What stands around the text of a message. */
export const markdown = {
  copy: { idle: 'Copy', copied: 'Copied', refused: 'Not allowed' },
  copyCode: 'Copy code',
  codeIn: (language: string): string => `Code, ${language}`,
  plainCode: 'text',
  table: 'Table',
  done: 'Done',
  notDone: 'Not done',
  image: (alt: string, place: string): string => {
    const name = alt.trim() === '' ? 'Image' : `Image: ${alt}`;
    return place === '' ? name : `${name} (${place})`;
  },
  showAll: (characters: number): string => `Show all ${formatCount(characters, 'character', 'characters')}`,
  showLess: 'Show only the beginning',
  plainText: 'Shown as plain text: its formatting could not be read.',
} as const;
