import { figure, judgeAll } from './goals.ts';
import { operationNames, type OperationName } from './operations.ts';
import type { Results, SizeResults } from './results.ts';
import { subjectNames } from './subjects/subject.ts';

const labels: Readonly<Record<OperationName, string>> = {
  insert: 'insert, one at a time',
  insert32: 'insert, 32 in flight',
  stream: 'insert, sustained',
  bulk: 'insertMany, 1,000 a batch',
  update: 'update: append a message',
  findOneAndUpdate: 'findOneAndUpdate',
  get: 'get by id, first time',
  getAgain: 'get by id, again',
  newestRows: 'newest 50, rows',
  newestDocuments: 'newest 50, documents',
  filterRows: 'filter 1 %, indexed, rows',
  filterDocuments: 'filter 1 %, indexed, documents',
  filterWithoutIndex: 'filter 1 %, no index, rows',
  delete: 'delete, one at a time',
  deleteMany: 'deleteMany, 500 a batch',
};

/** The whole report as Markdown, which reads well in a terminal too. */
export function reportOf(results: Results): string {
  const { machine, unavailable } = results;
  const missing = Object.entries(unavailable).map(([name, why]) => `- ${name}: not available here, ${why}`);
  return [
    `${results.date}, ${machine.system}, ${machine.cpus} × ${machine.model}, Node ${machine.node}.`,
    'Milliseconds per document or query, medians of interleaved repetitions. Trust ratios, not absolute figures.',
    ...(missing.length > 0 ? ['', ...missing] : []),
    ...results.sizes.flatMap(sizeReport),
    ...missesOf(results),
  ].join('\n');
}

function sizeReport(results: SizeResults): string[] {
  const { size } = results.comparison;
  return [
    '',
    `## ${size.toLocaleString('en')} documents`,
    '',
    ...operationTable(results),
    '',
    ...floorTable(results),
    '',
    ...storeTable(results),
    '',
    ...aloneTable(results),
    '',
    ...table(
      ['goal', 'target', 'measured', ''],
      judgeAll(results).map(({ line, goal, measured, verdict }) => [line, goal, measured, verdict]),
    ),
  ];
}

function operationTable({ comparison }: SizeResults): string[] {
  const { operations, writeFloor } = comparison;
  const subjects = subjectNames.filter((name) => Object.values(operations).some((figures) => figures[name]));
  const rows = operationNames
    .filter((name) => operations[name])
    .map((name) => {
      const own = operations[name]?.['vault']?.ms;
      const floor = writeFloor[name];
      const cells = subjects.map((subject) => {
        const ms = operations[name]?.[subject]?.ms;
        return ms === undefined ? '' : figure(ms);
      });
      return [
        labels[name],
        ...cells,
        floor === undefined ? '' : figure(floor),
        floor && own ? figure(floor / own) : '',
      ];
    });
  return table(['ms', ...subjects, 'F', 'vault of floor'], rows);
}

function floorTable({ comparison: { floors } }: SizeResults): string[] {
  const names: Readonly<Record<string, string>> = {
    log: 'preallocated log + fdatasync',
    read: 'read + parse one file',
    index: 'I: read + parse an index file',
    rowScan: 'scan of rows in memory',
    readAll: 'read + parse all files',
    walk: 'walk of all names',
  };
  return table(
    ['floor', 'ms'],
    Object.entries(floors).map(([name, ms]) => [names[name] ?? name, figure(ms)]),
  );
}

function storeTable({ comparison: { fill, size }, cold, jsonBytes }: SizeResults): string[] {
  const rows = Object.entries(fill).map(([name, { fillMs, settleMs, bytes }]) => {
    const opened = cold?.[name];
    return [
      name,
      figure(size / ((fillMs + settleMs) / 1000)),
      opened ? figure(opened.firstDocumentMs) : '',
      opened ? figure(opened.firstListMs) : '',
      opened ? figure(opened.rssBytes / 1e6) : '',
      opened ? figure(opened.rssBytes / 1000 / size) : '',
      `${figure(bytes / 1e6)} (${figure(bytes / jsonBytes)} × JSON)`,
    ];
  });
  const head = ['store', 'fill, documents/s', 'cold open ms', 'first list ms', 'RSS MB', 'KB a record', 'disk MB'];
  return table(head, rows);
}

function aloneTable(results: SizeResults): string[] {
  const { append, import: imported, search, page, rebuildMs, reopen } = results;
  const rows: string[][] = [];
  if (append) {
    for (const [name, { streamBytes, medianMs, p99Ms }] of Object.entries(append)) {
      const what = `message appended to ${figure(streamBytes / 1e6)} MB, ${name}`;
      rows.push([what, `${figure(medianMs)} ms, p99 ${figure(p99Ms)} ms`]);
    }
  }
  for (const [name, figures] of Object.entries(results.atOnce ?? {})) {
    const { inserts, ms, withFilesMs, cpuMs, longestStallMs } = figures;
    rows.push([
      `${inserts.toLocaleString('en')} inserts sent in one turn, ${name}: answered · files written · processor · longest stall`,
      [ms, withFilesMs, cpuMs, longestStallMs].map((each) => `${figure(each)} ms`).join(' · '),
    ]);
  }
  if (imported) {
    const { records, seconds, longestStallMs } = imported;
    rows.push([`import of ${records.toLocaleString('en')} records`, `${figure(records / seconds)} records/s`]);
    rows.push(['longest stall of the event loop meanwhile', `${figure(longestStallMs)} ms`]);
  }
  for (const [name, figures] of Object.entries(search ?? {})) {
    rows.push([`search, ${name}: build`, `${figure(figures.buildMs / 1000)} s, ${figure(figures.rssBytes / 1e6)} MB`]);
    rows.push([
      `search, ${name}: rare · two words · contains · add one`,
      [figures.rareMs, figures.twoWordsMs, figures.containsMs, figures.addMs]
        .map((ms) => `${figure(ms)} ms`)
        .join(' · '),
    ]);
  }
  if (page) {
    const { documentsMs, documentsCloneMs, rowsMs, rowsCloneMs, pingMs } = page;
    rows.push([
      '50 messages to another process · their clone',
      `${figure(documentsMs)} · ${figure(documentsCloneMs)} ms`,
    ]);
    rows.push([
      '50 rows to another process · their clone · a ping',
      `${figure(rowsMs)} · ${figure(rowsCloneMs)} · ${figure(pingMs)} ms`,
    ]);
  }
  if (rebuildMs !== undefined) rows.push(['rebuild of all indexes', `${figure(rebuildMs)} ms`]);
  if (reopen) {
    rows.push(['open after a crash (300 ms of it: waiting out a living owner)', `${figure(reopen.afterCrashMs)} ms`]);
    rows.push(['open after an orderly end, in the same way', `${figure(reopen.cleanMs)} ms`]);
  }
  return rows.length === 0 ? [] : table(['the vault alone', ''], rows);
}

function missesOf({ sizes }: Results): string[] {
  const misses = sizes.flatMap((results) =>
    judgeAll(results)
      .filter(({ verdict }) => verdict === 'missed')
      .map(
        ({ line, goal, measured }) =>
          `- ${results.comparison.size.toLocaleString('en')}: ${line}: ${measured}, goal ${goal}`,
      ),
  );
  return misses.length === 0 ? ['', 'No goal was missed.'] : ['', '## Missed', '', ...misses];
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const widths = head.map((cell, column) => Math.max(cell.length, 3, ...rows.map((row) => (row[column] ?? '').length)));
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell, column) => (column === 0 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0))).join(' | ')} |`;
  const rule = `| ${widths.map((width, column) => (column === 0 ? '-'.repeat(width) : `${'-'.repeat(width - 1)}:`)).join(' | ')} |`;
  return [line(head), rule, ...rows.map(line)];
}
