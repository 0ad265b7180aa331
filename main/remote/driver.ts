import type * as Mongo from 'mongodb';

/** The driver's module. Types may be imported anywhere in this room; the code is loaded by `loadDriver` alone. */
export type Driver = typeof Mongo;

/** Loaded at the first connection: a start without a team database does not pay for it. */
export function loadDriver(): Promise<Driver> {
  return import('mongodb');
}
