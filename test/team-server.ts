/**
 * A team's server to try things with: `npm run team [-- --keep FOLDER] [--port N]`. A real mongod as a replica set on this
 * machine alone, with an administrator and a user of the team; the database is prepared. Ctrl-C ends it, and its data
 * with it, unless they are to be kept.
 */
import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { connect } from '../main/remote/connect.ts';
import { initRemote } from '../main/remote/init-remote.ts';
import { startMongod } from './helpers/mongod.ts';

const database = 'almanac';
const { values } = parseArgs({ options: { keep: { type: 'string' }, port: { type: 'string', default: '27117' } } });

interface Passwords {
  readonly admin: string;
  readonly team: string;
}

/** New ones at each start; those of a kept server are kept beside its data. */
function passwordsFor(folder: string | undefined): Passwords {
  const path = folder && join(folder, 'passwords.json');
  if (path && existsSync(path)) return JSON.parse(readFileSync(path, 'utf8')) as Passwords;
  const make = (): string => randomBytes(12).toString('hex');
  const passwords = { admin: make(), team: make() };
  if (path) writeFileSync(path, JSON.stringify(passwords), { mode: 0o600 });
  return passwords;
}

async function prepare(adminUrl: string, password: string): Promise<void> {
  const admin = await connect(adminUrl, { db: database });
  try {
    await initRemote(admin);
    const user = { pwd: password, roles: [{ role: 'readWrite', db: database }] };
    const exists = await admin.db.command({ usersInfo: 'team' }).then(({ users }) => (users as unknown[]).length > 0);
    await admin.db.command(exists ? { updateUser: 'team', ...user } : { createUser: 'team', ...user });
  } finally {
    await admin.close();
  }
}

const folder = values.keep === undefined ? undefined : resolve(values.keep);
if (folder) mkdirSync(join(folder, 'data'), { recursive: true });
const passwords = passwordsFor(folder);
const server = await startMongod({
  kind: 'replica-set',
  auth: { user: 'admin', password: passwords.admin },
  port: Number(values.port),
  ...(folder && { dataFolder: join(folder, 'data') }),
});
await prepare(server.url, passwords.team);
const url = `mongodb://team:${passwords.team}@127.0.0.1:${server.port}/${database}?replicaSet=almanac`;
process.stdout.write(
  `The team's server runs. Connect with\n\n  ${url}\n\nfor example: npm run almanac -- remote set '${url}'\n`,
);
process.stdout.write(`Administrator: ${server.url}\nCtrl-C ends it${folder ? '' : ' and forgets its data'}.\n`);

for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => void server.stop().then(() => process.exit(0)));
}
