import { expect, test } from 'vitest';
import { createJobs } from '../../../main/ipc/jobs.ts';
import { cancelled } from '../../../shared/errors.ts';

/** Work that ends only when it is cancelled. */
function untilCancelled(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => signal.addEventListener('abort', () => reject(cancelled())));
}

test('cancelling a running job sets its signal and says so', async () => {
  const jobs = createJobs();
  const running = jobs.run('job-0001', untilCancelled);
  expect(jobs.cancel('job-0001')).toBe(true);
  await expect(running).rejects.toMatchObject({ code: 'CANCELLED' });
  expect(jobs.cancel('job-0001')).toBe(false);
});

test('an id is refused while its job runs, and free again after', async () => {
  const jobs = createJobs();
  const running = jobs.run('job-0001', untilCancelled);
  await expect(jobs.run('job-0001', async () => 1)).rejects.toMatchObject({ code: 'BAD_INPUT' });
  jobs.cancel('job-0001');
  await running.catch(() => undefined);
  expect(await jobs.run('job-0001', async () => 2)).toBe(2);
});

test('closing cancels what runs, waits for its end, and takes no more', async () => {
  const jobs = createJobs();
  const order: string[] = [];
  const running = jobs.run('job-0001', async (signal) => {
    await untilCancelled(signal).catch(() => undefined);
    await new Promise((resolve) => setTimeout(resolve, 10));
    order.push('job ended');
  });
  await jobs.close();
  order.push('closed');
  await running;
  expect(order).toEqual(['job ended', 'closed']);
  await expect(jobs.run('job-0002', async () => 1)).rejects.toMatchObject({ code: 'CANCELLED' });
});
