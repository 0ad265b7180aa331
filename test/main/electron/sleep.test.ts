import { expect, test, vi } from 'vitest';
import { followPower, type PowerLike } from '../../../main/electron/sleep.ts';
import { silentLog } from '../../../main/lib/log.ts';

type Listener = (event: { preventDefault(): void }) => void;

function followed(suspend: () => Promise<void> = async () => undefined) {
  const listeners = new Map<string, Listener>();
  const steps: string[] = [];
  const power: PowerLike = { on: (event: string, listener: Listener) => listeners.set(event, listener) };
  const quit = vi.fn();
  const warn = vi.fn();
  const vault = {
    suspend: async () => {
      steps.push('suspend');
      await suspend();
      steps.push('suspended');
    },
    resume: async () => void steps.push('resume'),
  };
  followPower({ power, vault, quit, log: { ...silentLog, warn } });
  const preventDefault = vi.fn();
  const emit = (event: string): void => listeners.get(event)?.({ preventDefault });
  return { emit, steps, quit, warn, preventDefault };
}

test('sleep is prepared before it is woken from, however short it is', async () => {
  let prepared = (): void => undefined;
  const { emit, steps } = followed(() => new Promise((resolve) => (prepared = resolve)));
  emit('suspend');
  emit('resume');
  await vi.waitFor(() => expect(steps).toEqual(['suspend']));
  prepared();
  await vi.waitFor(() => expect(steps).toEqual(['suspend', 'suspended', 'resume']));
});

test('a disk that refuses before the sleep does not keep the vault asleep', async () => {
  const { emit, steps, warn } = followed(() => Promise.reject(new Error('EIO')));
  emit('suspend');
  emit('resume');
  await vi.waitFor(() => expect(steps).toEqual(['suspend', 'resume']));
  expect(warn).toHaveBeenCalledOnce();
});

test('when the machine ends, the app gets the time to end in order', () => {
  const { emit, quit, preventDefault } = followed();
  emit('shutdown');
  expect([quit.mock.calls.length, preventDefault.mock.calls.length]).toEqual([1, 1]);
});
