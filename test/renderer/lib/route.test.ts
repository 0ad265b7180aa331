import fc from 'fast-check';
import { expect, test } from 'vitest';
import { hashOf, parseHash } from '../../../renderer/lib/route.ts';

test('every place has an address that leads back to it, whatever the ids look like', () => {
  const id = fc.string({ minLength: 1, unit: 'grapheme' });
  const view = fc.constantFrom('active' as const, 'archived' as const);
  const conversation = fc.record({
    page: fc.constant('conversations' as const),
    view,
    conversationId: id,
    messageId: id,
  });
  fc.assert(
    fc.property(conversation, (route) => {
      expect(parseHash(hashOf(route))).toEqual(route);
    }),
  );
});

test('every part of the memory has an address that leads back to it', () => {
  const view = fc.constantFrom('list' as const, 'inbox' as const, 'log' as const);
  const id = fc.string({ minLength: 1, unit: 'grapheme' });
  const place = fc.record(
    { page: fc.constant('memory' as const), view, memoryId: id },
    { requiredKeys: ['page', 'view'] },
  );
  fc.assert(
    fc.property(place, (route) => {
      expect(parseHash(hashOf(route))).toEqual(route);
    }),
  );
  expect(parseHash('#/memory')).toEqual({ page: 'memory', view: 'list' });
});

test.each(['', '#', '#/', '#/nowhere', '#/conversations', '#/%E0%A4%A'])('%j is the list of conversations', (hash) => {
  expect(parseHash(hash)).toEqual({ page: 'conversations', view: 'active' });
});

test.each(['settings', 'imports', 'doctor'] as const)('%s has an address', (page) => {
  expect(parseHash(hashOf({ page }))).toEqual({ page });
});
