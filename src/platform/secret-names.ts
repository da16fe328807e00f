/**
 * The one table of words that make a name sound like a secret's, for variables, settings and fields alike:
 * `DB_PASSWORD`, `clientSecret`, `x-auth-token`. The words stand in upper case with `_` between them.
 */
const SECRET = new RegExp(
  [
    'SECRET',
    'TOKEN(?!I[SZ])',
    'PASSWO?R?D',
    'PASSPHRASE',
    'CREDENTIAL',
    '(?:API|ACCESS|AUTH|PRIVATE|SIGNING|ENCRYPTION|MASTER|ACCOUNT|SESSION|DEPLOY|COOKIE)_?KEY',
    'CONNECTION_?STRING',
    'WEBHOOK',
    'AUTHORIZATION',
    // Short ones only as words of their own.
    '(?:^|_)(?:PASS|PWD|PAT|JWT|COOKIES?|DSN)(?:_|$)',
    '(?:^|_)AUTH$',
  ].join('|'),
);

const KEY = /(?:^|_)KEYS?(?:_|$)/;

/** Working folders, sockets, identities of windows. */
const HARMLESS = /^(?:PWD|OLDPWD|SSH_AUTH_SOCK|TERM_SESSION_ID|NEX_TOKEN_RATE_LIMIT)$/;

/** What such a name ends in when it only says where a secret lies, or how many there are. */
const ABOUT_ONE =
  /_(?:PATH|FILE|DIR|SOCK|ID|NAME|URI|HOST|PORT|TYPE|EXPIR[A-Z]*|TTL|MAX|LIMIT|BUDGET|COUNT|ENABLED|PID|LENGTH|SIZE)$/;

/**
 * True for the name of something that is kept secret. `keys`: `any` also takes `FOO_KEY`, of which only its owner
 * knows what it opens; in program text that would be every second name.
 */
export function soundsSecret(name: string, keys: 'any' | 'named' = 'named'): boolean {
  const words = wordsOf(name);
  if (HARMLESS.test(words)) return false;
  return SECRET.test(words) || (keys === 'any' && KEY.test(words));
}

/** True when a name that sounds secret only leads to a secret: `TOKEN_PATH`, `KEY_ID`. */
export function leadsToSecret(name: string): boolean {
  return ABOUT_ONE.test(wordsOf(name));
}

/** `clientSecret`, `client-secret` and `CLIENT_SECRET` are one name. */
function wordsOf(name: string): string {
  return name
    .replace(/([a-z\d])(?=[A-Z])/g, '$1_')
    .replace(/[^A-Za-z\d]+/g, '_')
    .toUpperCase();
}
