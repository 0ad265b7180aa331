import { createContext, use } from 'react';
import { must } from '../../shared/assert.ts';
import type { Client } from './client.ts';

export const ClientContext = createContext<Client | undefined>(undefined);

export function useClient(): Client {
  return must(use(ClientContext), 'a ClientContext around this component');
}
