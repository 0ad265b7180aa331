/** MongoDB's addresses, and any other with a login: a misspelt scheme must not give a password away. */
const URL_IN_TEXT = /mongodb(?:\+srv)?:\/\/\S*|[a-z][a-z0-9+.-]*:\/\/\S*@\S*/gi;
/** Options of a connection that tell nothing secret. */
const OPEN_OPTIONS: ReadonlySet<string> = new Set([
  'replicaset',
  'authsource',
  'authmechanism',
  'tls',
  'ssl',
  'directconnection',
  'retrywrites',
  'w',
  'readpreference',
  'appname',
  'compressors',
]);

/**
 * Every MongoDB address in a text, without user, password and options that may be secret. Rather too much is taken than
 * too little: an address that is not well formed loses everything up to its last `@`.
 */
export function redactUrl(text: string): string {
  return text.replace(URL_IN_TEXT, redactOne);
}

function redactOne(url: string): string {
  const scheme = url.slice(0, url.indexOf('//') + 2);
  const rest = url.slice(scheme.length);
  const at = rest.lastIndexOf('@');
  const [place = '', ...queries] = rest.slice(at + 1).split('?');
  const login = at === -1 ? '' : '***@';
  if (queries.length === 0) return `${scheme}${login}${place}`;
  return `${scheme}${login}${place}?${queries.join('?').split('&').map(redactOption).join('&')}`;
}

function redactOption(option: string): string {
  const [name = ''] = option.split('=', 1);
  return OPEN_OPTIONS.has(name.toLowerCase()) ? option : `${name}=***`;
}

/**
 * As `redactUrl`, and takes out the user and the password of this address wherever a text has them, written plainly
 * or encoded. Words under 4 letters stay: they would be found in every sentence.
 */
export function redactorOf(url: string): (text: string) => string {
  const login = /^[^:]*:\/\/(.*)@/is.exec(url)?.[1] ?? '';
  const words = [login, ...login.split(':')]
    .flatMap((word) => [word, decoded(word)])
    .filter((word) => word.length >= 4);
  const secrets = [...new Set(words)].sort((a, b) => b.length - a.length);
  return (text) => secrets.reduce((rest, secret) => rest.replaceAll(secret, '***'), redactUrl(text));
}

function decoded(word: string): string {
  try {
    return decodeURIComponent(word);
  } catch {
    return word;
  }
}
