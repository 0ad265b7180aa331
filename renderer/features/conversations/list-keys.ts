/** What a key means while the keyboard is in the list of conversations. */
export type ListCommand =
  | { readonly do: 'move'; readonly by: number; readonly extend: boolean }
  | { readonly do: 'first' | 'last' }
  | { readonly do: 'open' | 'rename' | 'pin' | 'archive' | 'tags' | 'remove' | 'select' | 'clear' };

interface Key {
  readonly key: string;
  readonly shiftKey: boolean;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
  readonly altKey: boolean;
}

const pageRows = 10;

const plain: Readonly<Record<string, ListCommand>> = {
  ArrowDown: { do: 'move', by: 1, extend: false },
  ArrowUp: { do: 'move', by: -1, extend: false },
  PageDown: { do: 'move', by: pageRows, extend: false },
  PageUp: { do: 'move', by: -pageRows, extend: false },
  Home: { do: 'first' },
  End: { do: 'last' },
  Enter: { do: 'open' },
  F2: { do: 'rename' },
  p: { do: 'pin' },
  e: { do: 'archive' },
  t: { do: 'tags' },
  Delete: { do: 'remove' },
  ' ': { do: 'select' },
  Escape: { do: 'clear' },
};

const shifted: Readonly<Record<string, ListCommand>> = {
  ArrowDown: { do: 'move', by: 1, extend: true },
  ArrowUp: { do: 'move', by: -1, extend: true },
};

export function commandOf(event: Key): ListCommand | undefined {
  if (event.ctrlKey || event.metaKey || event.altKey) return undefined;
  if (event.shiftKey) return shifted[event.key];
  return plain[event.key.length === 1 ? event.key.toLowerCase() : event.key];
}
