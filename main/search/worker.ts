import { parentPort, workerData } from 'node:worker_threads';
import { must } from '../../shared/assert.ts';
import type { ToWorker, WorkerSettings } from './protocol.ts';
import { SearchWorker } from './search-worker.ts';

/** Entry of the search thread: binds the worker to its port. Built as a file of its own. */
const port = must(parentPort, 'a parent thread');
const worker = new SearchWorker(workerData as WorkerSettings, (message) => port.postMessage(message)); // what search.ts gives it
port.on('message', (message: ToWorker) => {
  worker.receive(message);
  if (message.type === 'close') port.close();
});
