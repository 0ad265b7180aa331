import fc from 'fast-check';
import { expect, test } from 'vitest';
import { redactUrl, redactorOf } from '../../../main/lib/redact-url.ts';

for (const [text, expected] of [
  ['mongodb://host:27017/db', 'mongodb://host:27017/db'],
  ['mongodb://u:p@a:1,b:2/db?replicaSet=rs', 'mongodb://***@a:1,b:2/db?replicaSet=rs'],
  [
    'mongodb+srv://u:p@cluster.example/?retryWrites=true&w=majority',
    'mongodb+srv://***@cluster.example/?retryWrites=true&w=majority',
  ],
  ['mongodb://h/?tlsCertificateKeyFilePassword=x&tls=true', 'mongodb://h/?tlsCertificateKeyFilePassword=***&tls=true'],
  ['mongodb://h/?authMechanismProperties=AWS_SESSION_TOKEN:x', 'mongodb://h/?authMechanismProperties=***'],
  ['mongodb://u:p@ss@host/db', 'mongodb://***@host/db'],
  ['mongodb://u:p?w@host/db', 'mongodb://***@host/db'],
  ['mongodb://u:p/w@host/db', 'mongodb://***@host/db'],
  ['failed: MONGODB://u:p@h and mongodb://v:q@i.', 'failed: MONGODB://***@h and mongodb://***@i.'],
  ['mongo://u:p@host/db', 'mongo://***@host/db'],
  ['see https://example.org/a?b=c', 'see https://example.org/a?b=c'],
  ['nothing to hide', 'nothing to hide'],
] as const) {
  test(`${text} is shown as ${expected}`, () => expect(redactUrl(text)).toBe(expected));
}

test('user and password are taken out of any text, as they are written and as they are meant', () => {
  const redact = redactorOf('mongodb://somebody:p%40ssword@host/db');
  expect(redact('somebody with p%40ssword or p@ssword at mongodb://somebody:p%40ssword@host/db')).toBe(
    '*** with *** or *** at mongodb://***@host/db',
  );
});

test('no password survives, whatever it is made of', () => {
  const part = fc.string({ unit: 'binary', minLength: 6, maxLength: 20 }).filter((text) => !/\s/.test(text));
  fc.assert(
    fc.property(part, part, fc.boolean(), (user, password, isEncoded) => {
      const secret = `Q${password}Q`;
      const shown = isEncoded ? encodeURIComponent(secret) : secret;
      const url = `mongodb://U${isEncoded ? encodeURIComponent(user) : user}:${shown}@host.example:27017/db?replicaSet=rs`;
      expect(redactUrl(url)).not.toContain(shown);
      expect(redactorOf(url)(`driver says ${secret} of ${url}`)).not.toContain(shown);
    }),
  );
});
