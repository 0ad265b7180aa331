import type { Row } from './row.ts';

/** A collection's rows by id; a `Map<string, Row>` is one. In no order that may be relied upon. */
export interface Rows {
  readonly size: number;
  has(id: string): boolean;
  get(id: string): Row | undefined;
  set(id: string, row: Row): void;
  delete(id: string): boolean;
  clear(): void;
  keys(): Iterable<string>;
  values(): Iterable<Row>;
}
