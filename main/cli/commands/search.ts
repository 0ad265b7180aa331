import type { Command } from 'commander';
import type { SearchHit } from '../../../shared/ipc/models.ts';
import type { CliContext, GlobalOptions } from '../context.ts';
import { printable, printAll } from '../output.ts';
import { session } from '../session.ts';
import { wholeNumber } from './records.ts';

interface SearchFlags extends GlobalOptions {
  readonly limit: number;
}

export function addSearch(program: Command, context: CliContext): void {
  program
    .command('search <text...>')
    .description('full-text search over titles, messages and memories, best first')
    .option('--limit <n>', 'at most so many', wholeNumber, 20)
    .action(async (words: string[], _options, command: Command) => {
      const flags = command.optsWithGlobals<SearchFlags>();
      const hits = await session.read(context, flags, async (parts) => {
        const search = await parts.search();
        // Nobody indexes for this process beforehand: it waits until nothing is left out.
        await search.settled();
        return (await search.query(words.join(' '), { limit: flags.limit })).hits;
      });
      printAll(context, flags, hits.map(shownHit), hitText);
    });
}

type ShownHit = Pick<SearchHit, 'collection' | 'id' | 'conversation_id' | 'title' | 'snippet' | 'score'>;

function shownHit({ collection, id, conversation_id, title, snippet, score }: SearchHit): ShownHit {
  return { collection, id, conversation_id, title, snippet, score };
}

function hitText({ collection, id, title, snippet }: ShownHit): string {
  return `${printable(title) || '(untitled)'}  ${collection}/${printable(id)}\n    ${printable(snippet)}`;
}
