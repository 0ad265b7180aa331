/** Opens one store, reads one document, then the newest rows; prints how long after the start of the process. */
import { loadSubject } from './subjects/kinds.ts';
import type { SubjectName } from './subjects/subject.ts';

const [name = '', folder = '', id = ''] = process.argv.slice(2);
const subject = await (await loadSubject(name as SubjectName)).open(folder); // the parent's own names
const document = await subject.get(id);
const documentMs = performance.now();
const rss = process.memoryUsage.rss();
await subject.newestRows(50);
const listMs = performance.now() - documentMs;
if (document.id !== id) throw new Error(`${name} gave another document.`);
console.log(JSON.stringify({ documentMs, listMs, rss }));
await subject.close();
