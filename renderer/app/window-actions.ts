import { createContext, use } from 'react';
import { must } from '../../shared/assert.ts';

/** What any part of the window can ask the window to do. */
export interface WindowActions {
  /** Opens the import dialog, with a file where one was dropped. */
  readonly openImport: (file?: File) => void;
  readonly openShortcuts: () => void;
  readonly openPalette: () => void;
  /** Makes an empty conversation and shows it. */
  readonly createConversation: () => void;
  readonly focusSearch: () => void;
  readonly focusList: () => void;
}

export const WindowActionsContext = createContext<WindowActions | undefined>(undefined);

export function useWindowActions(): WindowActions {
  return must(use(WindowActionsContext), 'a WindowActionsContext around this component');
}
