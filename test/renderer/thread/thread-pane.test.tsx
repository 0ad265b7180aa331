// @vitest-environment happy-dom
import { act, screen, waitFor, within } from '@testing-library/react';
import { expect, test, vi } from 'vitest';
import { navigate } from '../../../renderer/lib/route.ts';
import { AppError } from '../../../shared/errors.ts';
import { renderApp } from '../../helpers/render-app.tsx';
import { conversationId, messagesOf, threadHandlers, title } from './thread-fixture.ts';

const address = `#/conversations/${conversationId}`;

function open(messages: ReturnType<typeof messagesOf>, hash = address) {
  return renderApp({ overrides: threadHandlers(messages) }, hash);
}

async function messageWith(text: string | RegExp): Promise<HTMLElement> {
  const article = (await screen.findByText(text)).closest('article');
  if (!article) throw new Error(`"${String(text)}" stands in no message`);
  return article;
}

const branched = () =>
  messagesOf(
    { id: 'q', role: 'user', content: 'How long?' },
    { id: 'a1', role: 'assistant', content: 'First answer', parent_id: 'q' },
    { id: 'a2', role: 'assistant', content: 'Second answer', parent_id: 'q' },
    { id: 'end', role: 'user', content: 'Thanks', parent_id: 'a2' },
  );

test('a conversation is shown with who said what, when, from where and with which model', async () => {
  open(
    messagesOf(
      { id: 's', role: 'system', content: 'Be brief', hidden: true },
      { id: 'q', role: 'user', content: 'How **long**?' },
      { id: 'a', role: 'assistant', content: 'Two days', model: 'model-x' },
    ),
  );
  const question = await messageWith('long');
  expect(question.getAttribute('aria-label')).toMatch(/^You, .*2026/);
  expect(within(question).getByText('long').tagName).toBe('STRONG');
  expect(within(await messageWith('Two days')).getByText('model-x')).toBeTruthy();
  const header = screen.getByRole('heading', { level: 2, name: title }).closest('header');
  for (const fact of ['ChatGPT', 'model-x', '2 messages', '1 not shown']) expect(header?.textContent).toContain(fact);
});

test('thinking, tool traffic and unknown parts are one line each, and open by key', async () => {
  const { user } = open(
    messagesOf({
      id: 'a',
      role: 'assistant',
      content: [
        { type: 'thinking', text: 'I should look it up' },
        { type: 'tool_call', tool_name: 'search', input: { query: 'dough' } },
        { type: 'tool_result', tool_name: 'search', output: 'found nothing' },
        { type: 'unknown', raw: { kind: 'hologram' } },
        { type: 'text', text: 'Two days' },
      ],
    }),
  );
  await messageWith('Two days');
  const thought = screen.getByRole('button', { name: /^Thought/ });
  for (const name of [/^Called search\s*query: dough/, /^Result of search\s*found nothing/, /hologram/]) {
    expect(screen.getByRole('button', { name }).getAttribute('aria-expanded')).toBe('false');
  }
  thought.focus();
  await user.keyboard('{Enter}');
  expect(thought.getAttribute('aria-expanded')).toBe('true');
  expect(screen.getByText('I should look it up').tagName).toBe('P');
});

test('an attachment that the export lacks leaves its name, kind and size', async () => {
  open(
    messagesOf({
      id: 'q',
      role: 'user',
      content: [
        { type: 'attachment', name: 'loaf.jpeg', media_type: 'image/jpeg', size_bytes: 2_400_000, missing: true },
        { type: 'text', text: 'See?' },
      ],
    }),
  );
  const message = await messageWith('See?');
  expect(message.textContent).toContain('loaf.jpeg');
  expect(message.textContent).toMatch(/image\/jpeg · 2\.4\sMB · not in the export/);
});

test('sources are listed, and only https ones can be opened', async () => {
  open(
    messagesOf({
      id: 'a',
      role: 'assistant',
      content: 'So it is.',
      source_citations: [
        { title: 'A study', url: 'https://example.org/study' },
        { metadata: { title: 'A trap', url: 'javascript:alert(1)' } },
        { nothing: true },
      ],
    }),
  );
  await messageWith('So it is.');
  const sources = screen.getByRole('region', { name: 'Sources' });
  expect(
    within(sources)
      .getAllByRole('listitem')
      .map((item) => item.textContent),
  ).toEqual(['A study example.org', 'A trap']);
  expect(
    within(sources)
      .getAllByRole('link')
      .map((link) => link.getAttribute('href')),
  ).toEqual(['https://example.org/study']);
});

test('another version of a message is shown, remembered and announced', async () => {
  const { user, inputsOf } = open(branched());
  const answer = await messageWith('Second answer');
  expect(answer.textContent).toContain('2 / 2');
  await user.click(within(answer).getByRole('button', { name: 'Previous version' }));
  await messageWith('First answer');
  expect(screen.queryByText('Second answer')).toBeNull();
  expect(screen.queryByText('Thanks')).toBeNull();
  expect(inputsOf('conversations.choose_branch')).toEqual([{ id: conversationId, message_id: 'a1' }]);
  await screen.findByText('Version 1 of 2 is shown.');
});

test('Alt with an arrow changes the version of the message that has the focus', async () => {
  const { user } = open(branched());
  const answer = await messageWith('Second answer');
  answer.focus();
  await user.keyboard('{Alt>}{ArrowRight}{ArrowLeft}{/Alt}');
  await messageWith('First answer');
});

test('what is written is added at the end of the branch that is shown', async () => {
  const { user, inputsOf } = open(branched(), `${address}/a1`);
  await messageWith('First answer');
  await user.type(screen.getByLabelText('Write a message'), 'A note');
  await user.keyboard('{Control>}{Enter}{/Control}');
  await messageWith('A note');
  // The search led to a branch that is not the chosen one: it is chosen first, for main to write there.
  expect(inputsOf('conversations.choose_branch')).toEqual([{ id: conversationId, message_id: 'a1' }]);
  expect(screen.queryByText('Thanks')).toBeNull();
  expect(screen.getByLabelText<HTMLTextAreaElement>('Write a message').value).toBe('');
});

test('a message that could not be added stays in the field, with the reason shown', async () => {
  const full = new AppError('DISK_FULL', 'The disk is full.', { remedy: 'Free some space.' });
  const overrides = {
    ...threadHandlers(branched()),
    'messages.append': async () => {
      throw full;
    },
  };
  const { user } = renderApp({ overrides }, address);
  await messageWith('Thanks');
  const field = screen.getByLabelText<HTMLTextAreaElement>('Write a message');
  await user.type(field, 'Precious');
  await user.click(screen.getByRole('button', { name: 'Add' }));
  await screen.findByText('Free some space.');
  expect(field.value).toBe('Precious');
  await user.clear(field);
});

test('a draft waits while another conversation is looked at', async () => {
  const { user } = open(branched());
  await messageWith('Thanks');
  await user.type(screen.getByLabelText('Write a message'), 'Half a thou');
  act(() => navigate({ page: 'conversations', view: 'active', conversationId: 'c000001' }));
  await waitFor(() => expect(screen.getByLabelText<HTMLTextAreaElement>('Write a message').value).toBe(''));
  act(() => navigate({ page: 'conversations', view: 'active', conversationId }));
  await waitFor(() => expect(screen.getByLabelText<HTMLTextAreaElement>('Write a message').value).toBe('Half a thou'));
  await user.clear(screen.getByLabelText('Write a message'));
});

test('a vault that is read only says so where one would write', async () => {
  renderApp({ overrides: threadHandlers(branched()), status: { read_only: true } }, address);
  await messageWith('Thanks');
  await screen.findByText('The vault is read only here: nothing can be added.');
  expect(screen.queryByLabelText('Write a message')).toBeNull();
});

test('an empty conversation says so and takes the first message', async () => {
  open([]);
  await screen.findByText('Nothing is written here yet');
  expect(document.activeElement).toBe(screen.getByLabelText('Write a message'));
});

test('a conversation that cannot be read shows why and what to do, and can be tried again', async () => {
  const handlers = threadHandlers(branched());
  let isBroken = true;
  const overrides = {
    ...handlers,
    'conversations.thread': async (input: Parameters<NonNullable<(typeof handlers)['conversations.thread']>>[0]) => {
      if (isBroken) throw new AppError('RECORD_DAMAGED', 'A file is damaged.', { remedy: 'Restore it.' });
      return handlers['conversations.thread']!(input);
    },
  };
  const { user } = renderApp({ overrides }, address);
  const alert = await screen.findByRole('alert');
  expect(alert.textContent).toContain('A file is damaged.Restore it.');
  isBroken = false;
  await user.click(within(alert).getByRole('button', { name: 'Try again' }));
  await messageWith('Thanks');
});

test('a found message that is gone does not keep the conversation from being read', async () => {
  const handlers = threadHandlers(branched());
  const overrides = {
    ...handlers,
    'conversations.thread': async (input: Parameters<NonNullable<(typeof handlers)['conversations.thread']>>[0]) => {
      if (input.around === 'gone') throw new AppError('NOT_FOUND', 'No such message.', { remedy: 'Search again.' });
      return handlers['conversations.thread']!(input);
    },
  };
  const { user } = renderApp({ overrides }, `${address}/gone`);
  await user.click(await screen.findByRole('button', { name: 'Try again' }));
  await messageWith('Thanks');
});

test('the title is changed in its place', async () => {
  const { user, inputsOf } = open(branched());
  await messageWith('Thanks');
  await user.click(within(screen.getByRole('heading', { level: 2 })).getByRole('button'));
  await user.keyboard('Sourdough{Enter}');
  await waitFor(() => expect(inputsOf('conversations.update')).toEqual([{ id: conversationId, title: 'Sourdough' }]));
});

test('the conversation is exported as a file of the name that main gives it', async () => {
  const saved: { name: string; address: string }[] = [];
  const blobs: Blob[] = [];
  vi.spyOn(URL, 'createObjectURL').mockImplementation((blob) => {
    blobs.push(blob as Blob);
    return 'blob:test';
  });
  vi.spyOn(HTMLAnchorElement.prototype, 'click').mockImplementation(function (this: HTMLAnchorElement) {
    saved.push({ name: this.download, address: this.href });
  });
  const { user, inputsOf } = open(branched());
  await messageWith('Thanks');
  await user.click(screen.getByRole('button', { name: 'Export this conversation' }));
  await user.click(await screen.findByRole('menuitem', { name: /^As Markdown/ }));
  await waitFor(() => expect(saved).toEqual([{ name: `${conversationId}.md`, address: 'blob:test' }]));
  expect(inputsOf('conversations.export')).toEqual([{ id: conversationId, format: 'markdown' }]);
  expect(await blobs[0]?.text()).toBe(`# ${title}\n`);
  vi.restoreAllMocks();
});

test('of ten thousand messages only those near the end are drawn and fetched', async () => {
  const many = messagesOf(
    ...Array.from({ length: 10_000 }, (_, at) => ({
      id: `m${at}`,
      role: at % 2 === 0 ? ('user' as const) : ('assistant' as const),
      content: `Message ${at}`,
    })),
  );
  const { inputsOf } = open(many);
  await messageWith('Message 9999');
  expect(screen.getAllByRole('article').length).toBeLessThan(100);
  expect(inputsOf('conversations.thread').length).toBeLessThan(6);
  for (const input of inputsOf('conversations.thread')) expect(input).toMatchObject({ limit: 40 });
});

test('j and k go from question to question, also to those that are not fetched yet', async () => {
  const { user } = open(
    messagesOf(
      { id: 'first', role: 'user', content: 'The first question' },
      ...Array.from({ length: 300 }, (_, at) => ({
        id: `m${at}`,
        role: 'assistant' as const,
        content: `Answer ${at}`,
      })),
      { id: 'last', role: 'user', content: 'The last question' },
    ),
  );
  const last = await messageWith('The last question');
  last.focus();
  await user.keyboard('k');
  const first = await messageWith('The first question');
  await waitFor(() => expect(document.activeElement).toBe(first));
  await user.keyboard('j');
  await waitFor(async () => expect(document.activeElement).toBe(await messageWith('The last question')));
});
