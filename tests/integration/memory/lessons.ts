import type { Lesson } from '../../../src/memory/pattern.ts';

/** What a shop's repository taught so far. */
export const lessons: readonly Lesson[] = (
  [
    [
      'Add a login endpoint to the API',
      'import',
      'ERR_MODULE_NOT_FOUND: Cannot find module ./session imported from src/auth/login.ts',
      'src/auth/login.ts: `./session` became `./session.ts`',
      'src/auth/login.ts',
    ],
    [
      'Make the checkout compute VAT for EU customers',
      'test_failure',
      'expected 119.00000000000001 to be 119',
      'src/checkout/vat.ts: amounts are kept in cents, rounded once at the end',
      'src/checkout/vat.ts',
    ],
    [
      'Parse dates in the CSV import',
      'runtime',
      'RangeError: Invalid time value',
      'src/import/csv.ts: `new Date(text)` became `parseIso(text)`',
      'src/import/csv.ts',
    ],
    [
      'Send an email when an invoice is overdue',
      'environment',
      'connect ECONNREFUSED 127.0.0.1:1025',
      'ran `docker compose up -d mailhog`',
      'src/mail/overdue.ts',
    ],
    [
      'Speed up the product search query',
      'runtime',
      'SqliteError: no such column: products.title_tsv',
      'migrations/0012.sql: added the column',
      'migrations/0012.sql',
    ],
    [
      'Add pagination to the orders table in the admin',
      'type',
      "TS2345: Argument of type 'string | null' is not assignable to parameter of type 'string'",
      "src/admin/orders.tsx: `params.get('page') ?? '1'`",
      'src/admin/orders.tsx',
    ],
    [
      'Upload avatars to the bucket',
      'runtime',
      'AccessDenied: presigned url expired',
      'src/storage/presign.ts: clock skew of 5 minutes allowed',
      'src/storage/presign.ts',
    ],
    [
      'Retry failed webhooks with exponential backoff',
      'test_failure',
      'Test timed out in 5000ms',
      'tests/webhooks.test.ts: fake timers are advanced by hand',
      'tests/webhooks.test.ts',
    ],
    [
      'Render the sales chart on the dashboard',
      'runtime',
      'ReferenceError: document is not defined',
      'src/dashboard/chart.tsx: the chart is loaded on the client only',
      'src/dashboard/chart.tsx',
    ],
    [
      'Cache exchange rates in Redis',
      'runtime',
      'WRONGTYPE Operation against a key holding the wrong kind of value',
      'src/rates/cache.ts: keys got the prefix `rates:v2:`',
      'src/rates/cache.ts',
    ],
    [
      'Validate the address form',
      'test_failure',
      'expected [] to deeply equal [ { path: "zip" } ]',
      'src/forms/address.ts: `zip` is required for DE and AT',
      'src/forms/address.ts',
    ],
    [
      'Export the ledger as PDF',
      'environment',
      'Error: Could not find Chrome (ver. 131)',
      'ran `npx puppeteer browsers install chrome`',
      'src/ledger/pdf.ts',
    ],
  ] as const
).map(([taskSummary, errorType, whatFailed, whatFixed, filePath]) => ({
  taskSummary,
  errorType,
  whatFailed,
  whatFixed,
  filePath,
  language: 'typescript',
  resolvedBy: 'edits',
}));

/** Tasks that one of the lessons bears on, with its place in the list. */
export const related: ReadonlyArray<[task: string, lesson: number]> = [
  ['Add a logout endpoint next to the login endpoint', 0],
  ['The login API should also return the session', 0],
  ['Fix the VAT computation in checkout for Swiss customers', 1],
  ['Checkout: VAT is off by one cent', 1],
  ['CSV import must accept dates like 31.12.2025', 2],
  ['Importing a csv with an empty date crashes', 2],
  ['Send a second email two weeks after the invoice is overdue', 3],
  ['Change the text of the overdue invoice mail', 3],
  ['Product search should rank exact titles first', 4],
  ['Make the query of the product search faster for long titles', 4],
  ['Paginate the customers table in the admin like the orders', 5],
  ['Sort the orders table in admin', 5],
  ['Delete old avatars from the bucket', 6],
  ['Uploading avatars fails for large files, check the presigned url', 6],
  ['Webhooks: give up after 8 retries and use a longer backoff', 7],
  ['Sign webhooks, and retry when the signature is rejected', 7],
  ['Show returns in the sales chart of the dashboard', 8],
  ['Use the exchange rates of the ECB and cache them for a day in redis', 9],
  ['The address form should validate the phone too', 10],
  ['Add page numbers to the PDF export of the ledger', 11],
];

const TOPICS = [
  'the dark theme toggle', 'a keyboard shortcut for the help overlay', 'the Dockerfile to a smaller base image',
  'the README badges', 'the license header of each source file', 'the release script', 'the changelog generator',
  'the tooltip animation', 'the onboarding wizard', 'gift cards', 'the loyalty program', 'the barcode scanner',
  'translations into Polish', 'the cookie banner', 'the sitemap', 'push notifications on Android', 'the printer queue',
  'warehouse shelves', 'the chat widget', 'a feature flag service', 'rate limiting per tenant', 'the audit trail',
  'GraphQL subscriptions', 'the kubernetes manifests', 'the favicon', 'voice commands', 'the coupon engine',
  'the color contrast of buttons', 'drag and drop of tasks on the board', 'the calendar widget',
  'two-factor authentication with TOTP', 'the websocket reconnect', 'undo in the drawing canvas',
  'the memory leak in the scheduler', 'the thumbnail cropper', 'the parser of markdown footnotes',
  'video transcoding with ffmpeg', 'the geolocation lookup', 'the carousel on the landing page', 'the staff roster',
]; // biome-ignore format: a list
const WORK = ['Implement', 'Fix a bug in', 'Refactor', 'Write tests for', 'Document'];

/** 200 tasks that none of the lessons bears on. */
export const unrelated: readonly string[] = TOPICS.flatMap((topic) => WORK.map((work) => `${work} ${topic}`));
