import { expect, test } from 'vitest';
import { mergeFields } from '../../../../main/store/watch/merge-fields.ts';

const base = { title: 'Ant', note: 'old', tags: ['a'], deep: { x: 1 } };

test('what one side changed is as that side has it', () => {
  const merged = mergeFields(base, { ...base, title: 'Ape' }, { ...base, note: 'new', deep: { x: 2 } });
  expect(merged).toEqual({ fields: { title: 'Ape', note: 'new', tags: ['a'], deep: { x: 2 } }, contested: [] });
});

test('a field that one side removed is gone, one that it added is there', () => {
  const { note, ...without } = base;
  expect(mergeFields(base, { ...base, ours: 1 }, without)).toEqual({
    fields: { title: 'Ant', tags: ['a'], deep: { x: 1 }, ours: 1 },
    contested: [],
  });
  expect(mergeFields(base, without, { ...base, theirs: 1 }).fields).toEqual({ ...without, theirs: 1 });
  expect(note).toBe('old');
});

test('what both changed is as theirs has it, and named; the same change on both sides is none', () => {
  const merged = mergeFields(
    base,
    { ...base, title: 'Ape', note: 'same' },
    { ...base, title: 'Asp', note: 'same', deep: { x: 1 } },
  );
  expect(merged).toEqual({ fields: { ...base, title: 'Asp', note: 'same' }, contested: ['title'] });
});

test('what one side removed and the other changed is theirs, too', () => {
  const { title, ...without } = base;
  expect(mergeFields(base, { ...base, title: 'Ape' }, without)).toEqual({ fields: without, contested: ['title'] });
  expect(mergeFields(base, without, { ...base, title: 'Asp' })).toEqual({
    fields: { ...base, title: 'Asp' },
    contested: ['title'],
  });
  expect(title).toBe('Ant');
});
