/** Secrets of forty kinds that look real, open nothing, and stand in no file of this repository. */
export interface Canary {
  readonly kind: string;
  readonly value: string;
  /** What must not be seen anywhere: the value, or of several lines each that holds something. */
  readonly traces: readonly string[];
  /** A line or more that holds it, as one would write it down. */
  readonly written: string;
}

/** Numbers from 0 to below 1 that are the same for the same seed. */
export function seededRandom(seed: number): () => number {
  let state = (seed * 2_654_435_761) >>> 0;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return (state >>> 8) / 2 ** 24;
  };
}

const ALPHABET = 'ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz23456789';

/** The forty, made anew for every seed. Prefix and rest are joined here only, so that no scanner takes this for a leak. */
export function canaries(random: () => number): Canary[] {
  const pick = (length: number, letters = ALPHABET) =>
    Array.from({ length }, () => letters.charAt(Math.floor(random() * letters.length))).join('');
  const hex = (length: number) => pick(length, '0123456789abcdef');
  const upper = (length: number) => pick(length, 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567');
  const encoded = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const shaped: Record<string, string> = {
    anthropic: ['sk', 'ant', `api03-${pick(95)}`].join('-'),
    openai: ['sk', 'proj', pick(100)].join('-'),
    aws: `AKI${'A'}${upper(16)}`,
    github: ['ghp', pick(36)].join('_'),
    'github-app': ['ghs', pick(36)].join('_'),
    'github-fine': ['github', 'pat', pick(22), pick(59)].join('_'),
    gitlab: ['glpat', pick(20)].join('-'),
    slack: ['xoxb', pick(12, '123456789'), pick(24)].join('-'),
    'slack-hook': ['https://hooks.slack.com/services', `T${upper(8)}`, `B${upper(8)}`, pick(24)].join('/'),
    stripe: ['sk', 'live', pick(24)].join('_'),
    google: `AIz${'a'}${pick(35)}`,
    'google-oauth': ['GOCSPX', pick(28)].join('-'),
    npm: ['npm', pick(36)].join('_'),
    pypi: ['pypi', `AgE${pick(120)}`].join('-'),
    sendgrid: ['SG', pick(22), pick(43)].join('.'),
    twilio: `S${'K'}${hex(32)}`,
    mailgun: ['key', hex(32)].join('-'),
    digitalocean: ['dop', 'v1', hex(64)].join('_'),
    discord: [`M${pick(23)}`, pick(6), pick(38)].join('.'),
    telegram: [pick(10, '123456789'), `AA${pick(33)}`].join(':'),
    shopify: ['shpat', hex(32)].join('_'),
    databricks: `dap${'i'}${hex(32)}`,
    huggingface: ['hf', pick(34)].join('_'),
    vault: ['hvs', pick(24)].join('.'),
    doppler: ['dp', 'pt', pick(43)].join('.'),
    linear: ['lin', 'api', pick(40)].join('_'),
    notion: ['ntn', pick(46)].join('_'),
    docker: ['dckr', 'pat', pick(27)].join('_'),
    grafana: ['glsa', pick(32), hex(8)].join('_'),
    'web-token': [encoded({ alg: 'HS256', typ: 'JWT' }), encoded({ sub: pick(20) }), pick(43)].join('.'),
  };
  const canary = (kind: string, value: string, written: string): Canary => ({ kind, value, written, traces: [value] });
  const named = (kind: string, form: (value: string) => string) => {
    const value = pick(32);
    return canary(kind, value, form(value));
  };
  const lines = Array.from({ length: 6 }, () => pick(64));
  return [
    ...Object.entries(shaped).map(([kind, value]) =>
      canary(kind, value, `const ${kind.replace('-', '_')} = '${value}';`),
    ),
    named('assignment', (value) => `API_TOKEN=${value}`),
    named('yaml', (value) => `client_secret: ${value}`),
    named('json', (value) => `{"password": "${value}"}`),
    named('header', (value) => `Authorization: Bearer ${value}`),
    named('query', (value) => `https://api.example.test/v1?access_token=${value}&page=2`),
    named('option', (value) => `deploy --password ${value} --now`),
    named('toml', (value) => `signing_key = "${value}"`),
    named('database', (value) => `postgres://app:${value}@db.example.test:5432/shop`),
    named('remote', (value) => `https://deploy:${value}@git.example.test/shop.git`),
    {
      kind: 'private-key',
      value: lines.join('\n'),
      traces: lines,
      written: [`-----BEGIN ${'PRIVATE'} KEY-----`, ...lines, `-----END ${'PRIVATE'} KEY-----`].join('\n'),
    },
  ];
}
