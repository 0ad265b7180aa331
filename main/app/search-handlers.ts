import type { Handlers } from '../../shared/ipc/contract.ts';
import type { Search } from '../search/types.ts';

export function searchHandlers(search: Search): Pick<Handlers, 'search.query' | 'search.rebuild'> {
  return {
    'search.query': ({ text, limit, collections }) =>
      search.query(text, collections === undefined ? { limit } : { limit, collections }),
    'search.rebuild': async () => {
      await search.rebuild();
      return search.coverage();
    },
  };
}
