import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createRedactor, newSecretsInPatch } from '../../../src/safety/secrets.ts';

const MARK = /\[nex:secret:[a-z0-9-]+:[0-9a-f]+\]/g;
const ALPHABET = 'ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz23456789';

/** Looks random, is the same in every run, and stands nowhere in this file. */
function random(length: number, seed = 1, letters = ALPHABET): string {
  let state = seed * 2_654_435_761;
  return Array.from({ length }, () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return letters.charAt((state >>> 8) % letters.length);
  }).join('');
}
const hex = (length: number, seed = 1) => random(length, seed, '0123456789abcdef');
const json = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');

/** Prefix and rest are joined here only, so that no scanner takes this file for a leak. */
const KEYS: Readonly<Record<string, string>> = {
  Anthropic: ['sk', 'ant', `api03-${random(95)}`].join('-'),
  OpenAI: ['sk', 'proj', random(100)].join('-'),
  'AWS key id': `AKI${'A'}${random(16, 1, 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567')}`,
  'GitHub classic': ['ghp', random(36)].join('_'),
  'GitHub app': ['ghs', random(36)].join('_'),
  'GitHub fine-grained': ['github', 'pat', random(22), random(59)].join('_'),
  GitLab: ['glpat', random(20)].join('-'),
  Slack: ['xoxb', random(12, 1, '123456789'), random(24)].join('-'),
  Stripe: ['sk', 'live', random(24)].join('_'),
  Google: `AIz${'a'}${random(35)}`,
  'Google OAuth': ['GOCSPX', random(28)].join('-'),
  npm: ['npm', random(36)].join('_'),
  PyPI: ['pypi', `AgE${random(120)}`].join('-'),
  SendGrid: ['SG', random(22), random(43)].join('.'),
  Twilio: `S${'K'}${hex(32)}`,
  Mailgun: ['key', hex(32)].join('-'),
  DigitalOcean: ['dop', 'v1', hex(64)].join('_'),
  Discord: [`M${random(23)}`, random(6), random(38)].join('.'),
  Telegram: [random(10, 1, '123456789'), `AA${random(33)}`].join(':'),
  Shopify: ['shpat', hex(32)].join('_'),
  Square: ['sq0atp', random(22)].join('-'),
  Databricks: `dap${'i'}${hex(32)}`,
  'Hugging Face': ['hf', random(34)].join('_'),
  Vault: ['hvs', random(24)].join('.'),
  Doppler: ['dp', 'pt', random(43)].join('.'),
  Linear: ['lin', 'api', random(40)].join('_'),
  Notion: ['ntn', random(46)].join('_'),
  age: ['AGE', 'SECRET', `KEY-1${random(58, 1, 'QPZRY9X8GF2TVDW0S3JN54KHCE6MUA7L')}`].join('-'),
  'web token': [json({ alg: 'HS256', typ: 'JWT' }), json({ sub: random(20) }), random(43)].join('.'),
};
const GITHUB = KEYS['GitHub classic'] ?? '';

const pem = (label: string, body: string, end = true) =>
  [`-----BEGIN ${label}-----`, body, ...(end ? [`-----END ${label}-----`] : []), ''].join('\n');

describe('what is taken out', () => {
  it.each(Object.entries(KEYS))('a key of %s', (_, key) => {
    const said = createRedactor({ env: {} }).redact(`use ${key} there`);
    expect(said.replace(MARK, '*')).toBe('use * there');
  });

  it.each([
    'API_TOKEN=*',
    'api_key: *',
    'client_secret = "*"',
    '{"password":"*"}',
    "password: '*',",
    'x?access_token=*&b=1',
  ])('a random value in %s', (form) => {
    const said = createRedactor({ env: {} }).redact(form.replace('*', random(32)));
    expect(said.replace(MARK, '*')).toBe(form);
  });

  it.each(['x?access_token=*&b=1', '/p?a=1&sig=*', 'http://h/?key=*', '?X-Amz-Signature=*'])(
    'letters alone in the query %s',
    (form) => {
      // Upper and lower case change all the time, as only random letters do.
      const value = 'qWzKpTyhBVdmXcRjGtNeLfQsHwPkZbMu';
      expect(createRedactor({ env: {} }).redact(form.replace('*', value)).replace(MARK, '*')).toBe(form);
    },
  );

  it.each([
    '?key=getUserProfileInformationPage',
    '/search?key=theQuickBrownFoxJumpsOverTheLazyDog',
    '?access_token=myAccessTokenFromTheServer',
    '?sig=signatureOfTheRequestBody',
    'sprite.svg?key=5d41402abc4b2a76b9719d911017c592',
  ])('no words and no hash in the query %s', (text) => {
    expect(createRedactor({ env: {} }).redact(text)).toBe(text);
  });

  it('only the password of an address', () => {
    const said = createRedactor({ env: {} }).redact(`postgres://app:${random(14)}@db.internal:5432/shop`);
    expect(said.replace(MARK, '*')).toBe('postgres://app:*@db.internal:5432/shop');
  });

  it('the value of a secret-looking variable, wherever it occurs', () => {
    const value = random(18);
    const said = createRedactor({ env: { DEPLOY_TOKEN: value, EDITOR: 'nano-editor-1' } }).redact(
      `(${value}) nano-editor-1`,
    );
    expect(said.replace(MARK, '*')).toBe('(*) nano-editor-1');
  });

  it.each(['PRIVATE KEY', 'RSA PRIVATE KEY', 'EC PRIVATE KEY', 'OPENSSH PRIVATE KEY'])(
    'a %s of many lines',
    (label) => {
      const lines = Array.from({ length: 1500 }, (_, at) => random(64, at + 1));
      const said = createRedactor({ env: {} }).redact(`before\n${pem(label, lines.join('\n'))}after`);
      expect(lines.filter((line) => said.includes(line))).toEqual([]);
      expect([said.startsWith('before\n'), said.endsWith('after')]).toEqual([true, true]);
    },
  );

  it.each([
    [
      'of which a page shows only the end',
      (lines: string[]) => [...lines, `-----END ${'PRIVATE'} KEY-----`, 'after'].join('\n'),
    ],
    ['whose last line is short', (lines: string[]) => [...lines, 'Zm9v', `-----END ${'PRIVATE'} KEY-----`].join('\n')],
    [
      'of which a search shows the end',
      (lines: string[]) =>
        [...lines.map((line, at) => `a.js:${at}:${line}`), `a.js:9:-----END ${'PRIVATE'} KEY-----`].join('\n'),
    ],
    [
      'that a diff repeats in its heading',
      (lines: string[]) => lines.map((line) => `@@ -1,4 +1,4 @@ ${line}\n-a\n+b`).join('\n'),
    ],
  ])('a private key %s', (_, shown) => {
    const lines = [random(64, 1), random(64, 2)];
    const redactor = createRedactor({ env: {}, salt: 'x' });
    const text = shown(lines);
    const said = redactor.redact(text);
    expect(lines.filter((line) => said.includes(line))).toEqual([]);
    const filter = redactor.filter();
    const piecewise = [...text].map((letter) => filter.push(letter)).join('') + filter.end();
    expect(piecewise).toBe(said);
  });

  it('a private key that is cut off before its end', () => {
    const lines = [random(64, 1), random(64, 2)];
    const said = createRedactor({ env: {} }).redact(pem('RSA PRIVATE KEY', lines.join('\n'), false));
    expect(lines.filter((line) => said.includes(line))).toEqual([]);
  });
});

it.each([
  `commit ${hex(40)}`,
  `"integrity": "sha512-${random(86)}=="`,
  'id: 123e4567-e89b-42d3-a456-426614174000',
  `<img src="data:image/png;base64,${random(200)}">`,
  'password: string;',
  'const token = parser.nextToken();',
  'API_KEY=your-key-here',
  'token = process.env.GITHUB_TOKEN',
  "password = os.environ['DB_PASSWORD']",
  `secret: ${'$'}{VAULT_SECRET}`,
  'password = "changeme"',
  `ghp_${'x'.repeat(36)}`,
  'api_key: <token>',
])('leaves alone: %s', (text) => {
  expect(createRedactor({ env: {} }).redact(text)).toBe(text);
});

describe('placeholders', () => {
  it('are the same for the same value and others for others', () => {
    const redactor = createRedactor({ env: {} });
    const other = KEYS['npm'] ?? '';
    const [first, second, third] = [GITHUB, other, GITHUB].map((key) => redactor.redact(key));
    expect([first === third, first === second]).toEqual([true, false]);
  });

  it('are put back where the value stood', () => {
    const redactor = createRedactor({ env: {} });
    const file = `a = 1\nkey = ${GITHUB}\n`;
    const seen = redactor.redact(file);
    expect(redactor.restore(seen.replace('a = 1', 'a = 2'), file)).toEqual({
      ok: true,
      text: file.replace('a = 1', 'a = 2'),
    });
  });

  it('are refused in a file that never held the value, and when nobody knows them', () => {
    const redactor = createRedactor({ env: {} });
    const seen = redactor.redact(`key = ${GITHUB}`);
    expect(redactor.restore(seen, undefined)).toEqual({ ok: false, error: expect.stringContaining('[nex:secret:') });
    expect(redactor.restore(seen, 'key = 1')).toEqual({ ok: false, error: expect.stringContaining('[nex:secret:') });
  });
});

/** Texts made of keys, beginnings of keys, and what may stand around them. */
const texts = fc
  .array(
    fc.oneof(
      fc.string(),
      fc.constantFrom(
        '\n',
        '\r\n',
        ' ',
        '"',
        'password = ',
        'token: ',
        '\\n',
        '://u:',
        '@host',
        '[nex:secret:',
        '-----BEGIN ',
      ),
      fc.constantFrom(...Object.values(KEYS)),
      fc.constantFrom(pem('RSA PRIVATE KEY', random(64)), pem('PRIVATE KEY', random(64, 2), false)),
    ),
    { maxLength: 12 },
  )
  .map((parts) => parts.join(''));

describe('in every text', () => {
  it('a second time changes nothing', () => {
    fc.assert(
      fc.property(texts, (text) => {
        const redactor = createRedactor({ env: {} });
        const once = redactor.redact(text);
        expect(redactor.redact(once)).toBe(once);
      }),
    );
  });

  it('leaves a placeholder whole that the beginning of another one follows', () => {
    const redactor = createRedactor({ env: {} });
    const key =
      '-----BEGIN RSA PRIVATE KEY-----\nLiEeJE7rVgtHpsWSRy4KTZoZ6Zwvhc9M4cmZWsHa3XNEr6Mx6X2hp984hmfCFhKU\n-----END RSA PRIVATE KEY-----\n';
    const line = '2688381227:AALiEeJE7rVgtHpsWSRy4KTZoZ6Zwvhc9M4[nex:secret:\n';
    expect(redactor.redact(line)).toMatch(/^\[nex:secret:telegram-token:[0-9a-f]{8}\]\[nex:secret:\n$/);
    expect(redactor.redact(line + key)).toBe(redactor.redact(line) + redactor.redact(key));
  });

  it('takes out a private key that another first line is cut off behind', () => {
    const body = 'wg7FDQrDmijVrFLMd75ZaxfH9NcfapuVHWEeu3rmj8BcXGHetUZop7dhbgbVGM7D';
    const line = 'xoxb-268838122775-LiEeJE7rVgtHpsWSRy4KTZoZ-----BEGIN ';
    for (const text of [
      `-----BEGIN PRIVATE KEY-----\n${body}\n${line}\n`,
      `-----BEGIN PRIVATE KEY-----\n${body}\n-----BEGIN ${body}\n`,
    ])
      expect(createRedactor({ env: {} }).redact(text)).not.toContain(body.slice(0, 20));
  });

  it('pieces give what the whole gives, wherever they end', () => {
    fc.assert(
      fc.property(texts, fc.array(fc.integer({ min: 1, max: 300 }), { maxLength: 10 }), (text, lengths) => {
        const redactor = createRedactor({ env: {} });
        const whole = redactor.redact(text);
        const filter = redactor.filter();
        let said = '';
        let at = 0;
        for (const length of lengths) {
          said += filter.push(text.slice(at, at + length));
          at += length;
        }
        said += filter.push(text.slice(at));
        expect(said + filter.end()).toBe(whole);
      }),
    );
  });
});

describe('secrets that a patch adds', () => {
  const patch = (...rows: string[]) =>
    ['diff --git a/src/a.ts b/src/a.ts', '--- a/src/a.ts', '+++ b/src/a.ts', ...rows, ''].join('\n');

  const secretsIn = (text: string, env: Record<string, string> = {}) =>
    newSecretsInPatch(text, createRedactor({ env }).find);

  it('are named by file, line and kind', () => {
    expect(secretsIn(patch('@@ -4,2 +4,3 @@', ' one', `+key = ${GITHUB}`, ' two'))).toEqual([
      { file: 'src/a.ts', line: 5, kind: 'github-token' },
    ]);
  });

  it('are none when they were only moved, removed or already replaced', () => {
    const mark = createRedactor({ env: {} }).redact(GITHUB);
    expect(secretsIn(patch('@@ -1,2 +1,2 @@', `-key = ${GITHUB}`, ' one', `+moved = ${GITHUB}`))).toEqual([]);
    expect(secretsIn(patch('@@ -1,2 +1,1 @@', `-key = ${GITHUB}`, ' one'))).toEqual([]);
    expect(secretsIn(patch('@@ -1,1 +1,2 @@', ' one', `+key = ${mark}`))).toEqual([]);
  });

  it('know the values of the environment, which have no shape', () => {
    const value = random(20);
    const added = patch('@@ -1,1 +1,2 @@', ' one', `+const opened = '${value}';`);
    expect(secretsIn(added)).toEqual([]);
    expect(secretsIn(added, { SHOP_KEY: value })).toEqual([{ file: 'src/a.ts', line: 2, kind: 'env-shop-key' }]);
  });
});
