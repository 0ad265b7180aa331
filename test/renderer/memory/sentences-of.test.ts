import { expect, test } from 'vitest';
import { sentencesOf } from '../../../renderer/features/memory/in-thread/sentences-of.ts';

test('the sentences of a message are offered without the marks of Markdown', () => {
  const content =
    '# About me\n\nI **live** in [Graz](https://graz.example). My sister is called Hanna!\n\n- [ ] I prefer `tea`, e.g. oolong\n> Is that so? Yes.';
  expect(sentencesOf({ content })).toEqual([
    'About me',
    'I live in Graz.',
    'My sister is called Hanna!',
    'I prefer tea, e.g. oolong',
    'Is that so?',
    'Yes.',
  ]);
});

test('code, tools and lines without words offer nothing; twice the same is offered once', () => {
  const code = '```js\nconst a = 1;\n```\n---\n* * *\nYes, please.\nYes, please.';
  const content = [
    { type: 'text' as const, text: code },
    { type: 'thinking' as const, text: 'They live in Graz.' },
  ];
  expect(sentencesOf({ content })).toEqual(['Yes, please.']);
});

test('names with an underscore or an asterisk in them stay whole', () => {
  expect(sentencesOf({ content: 'The file is called my_file_name and 2*3*4 stays.' })).toEqual([
    'The file is called my_file_name and 2*3*4 stays.',
  ]);
});
