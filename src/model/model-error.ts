import { type ErrorKind, NexError } from '../errors.ts';
import { retiredOn, successorOf } from './prices.ts';

/** What is known of a failed call, beside the sentence. */
export interface ModelFault {
  /** The same request may work a little later. */
  retryable: boolean;
  /** HTTP status; for an error inside a stream the one that its type stands for. */
  status?: number | undefined;
  /** The API's own name for it, such as `overloaded_error`. */
  apiType?: string | undefined;
  /** How long the server asks to wait. */
  retryAfterMs?: number | undefined;
  requestId?: string | undefined;
  /** A limit on money, not on speed: waiting minutes does not help. */
  spendLimit?: boolean | undefined;
  /** The conversation is too long for the model or for the wire; it has to be summed up first. */
  tooLong?: boolean | undefined;
  /** The server's own words, to go by and not to show: one line of any length and shape, keys taken out. */
  said?: string | undefined;
}

/** A call of the model that failed, in words for the user; the fields are for whoever decides what comes next. */
export class ModelError extends NexError implements ModelFault {
  readonly retryable: boolean;
  readonly status: number | undefined;
  readonly apiType: string | undefined;
  readonly retryAfterMs: number | undefined;
  readonly requestId: string | undefined;
  readonly spendLimit: boolean;
  readonly tooLong: boolean;
  readonly said: string | undefined;

  constructor(kind: ErrorKind, message: string, fault: ModelFault, options: { hint?: string; cause?: unknown } = {}) {
    super(kind, message, options);
    this.name = 'ModelError';
    this.retryable = fault.retryable;
    this.status = fault.status;
    this.apiType = fault.apiType;
    this.retryAfterMs = fault.retryAfterMs;
    this.requestId = fault.requestId;
    this.spendLimit = fault.spendLimit ?? false;
    this.tooLong = fault.tooLong ?? false;
    this.said = fault.said;
  }
}

/** Where a call went, for the sentences. */
export interface CallPlace {
  host: string;
  model: string;
  /** The key or token itself, so that it can be taken out of what a server says. */
  secret: string;
  now: Date;
}

/** What a server answered instead of a stream, or said in the middle of one (`status` undefined). */
export interface Rejection {
  status: number | undefined;
  /** Parsed JSON, or the text when it was none. */
  body: unknown;
  headers: { get(name: string): string | null } | undefined;
}

const STATUS_OF: Readonly<Record<string, number>> = {
  invalid_request_error: 400,
  authentication_error: 401,
  billing_error: 402,
  permission_error: 403,
  not_found_error: 404,
  request_too_large: 413,
  rate_limit_error: 429,
  api_error: 500,
  timeout_error: 504,
  overloaded_error: 529,
};

const SPEND_CODES = ['enforced_spend_limit_reached', 'contract_spend_limit_reached', 'ramp_limit_exceeded'];

/** An answer that is an error, told with what can be done about it. */
export function rejected(rejection: Rejection, place: CallPlace, cause?: unknown): ModelError {
  const { apiType, errorCode, text } = partsOf(rejection.body);
  const status = rejection.status ?? STATUS_OF[apiType ?? ''] ?? 500;
  const said = cleaned(text, place.secret);
  const requestId = rejection.headers?.get('request-id') ?? undefined;
  const spendLimit =
    (status === 400 && /reached your specified API usage limits/i.test(text)) ||
    (status === 429 && SPEND_CODES.includes(errorCode ?? ''));
  const tooLong =
    status === 413 ||
    (status === 400 && /prompt is too long|maximum context length|exceeds? the available context/i.test(text));
  const shouldRetry = rejection.headers?.get('x-should-retry');
  const retryable =
    !spendLimit &&
    (shouldRetry === 'true' || (shouldRetry !== 'false' && (status >= 500 || [408, 409, 429].includes(status))));
  const retryAfterMs = rejection.headers && retryAfter(rejection.headers, place.now);

  const fault: ModelFault = {
    retryable,
    status,
    apiType,
    retryAfterMs,
    requestId,
    spendLimit,
    tooLong,
    said: said || undefined,
  };
  const [message, hint] = wordsFor(fault, place);
  const kind = retryable || spendLimit || status === 407 || status === 429 || status >= 500 ? 'later' : 'failed';
  return new ModelError(kind, message, fault, { ...(hint === undefined ? {} : { hint }), cause });
}

function wordsFor(fault: ModelFault, place: CallPlace): [message: string, hint?: string] {
  const who = nameOf(place.host);
  const { status = 0, said = '' } = fault;
  const saying = quotable(said);
  const trace = fault.requestId === undefined ? '' : `, request ${fault.requestId}`;
  if (fault.spendLimit) {
    return [
      `A spending limit of the account is reached${saying}`,
      'Raise the limit in the account settings or wait for it to reset, then go on with `nex --continue`.',
    ];
  }
  if (fault.tooLong) {
    return status === 413
      ? ['The request is too large to be sent.', 'Start a new session, or name fewer and smaller files.']
      : [
          `The conversation no longer fits into the window of ${place.model}.`,
          'Start a new session, or lower `context_budget` and `compact_at`.',
        ];
  }
  switch (status) {
    case 401:
      return [
        `${who} did not accept the key.`,
        'Check ANTHROPIC_API_KEY (or ANTHROPIC_AUTH_TOKEN), or store a new key with `nex auth`.',
      ];
    case 402:
      return [`The account has a billing problem${saying}`, 'Check plan and payment in the account settings.'];
    case 403:
      return [
        `The key may not use ${place.model}${saying}`,
        'Use a key of a workspace that has this model, or choose another with --model.',
      ];
    case 404:
      return missing(fault, place);
    case 407:
      return ['The proxy wants a sign-in.', 'Put user and password into HTTPS_PROXY.'];
    case 408:
    case 504:
      return [`${who} took too long to answer (${status}).`];
    case 429:
      return [
        `The rate limit of ${who === 'The API' ? 'the API' : place.host} is reached.`,
        'Wait a little, or set `token_rate_limit` to stay under it.',
      ];
    case 529:
      return [`${who} is overloaded.`];
  }
  if (status >= 300 && status < 400) {
    return [`${who} redirects to another address.`, 'Set `base_url` to the address of the API itself.'];
  }
  if (status >= 500) return [`${who} had an error of its own (${status}${trace}).`];
  return [
    `${who} did not accept the request (${status}${trace})${saying}`,
    'If it happens again, please report it with what NEX_LOG_LEVEL=debug prints.',
  ];
}

function missing({ apiType, said = '' }: ModelFault, { host, model }: CallPlace): [string, string] {
  if (apiType === undefined && !said.includes('model')) {
    return [`There is no Messages API at ${host}.`, 'Check ANTHROPIC_BASE_URL or `base_url`; it is given without /v1.'];
  }
  const successor = successorOf(model);
  const retired = retiredOn(model);
  const message =
    retired === undefined
      ? `${nameOf(host)} has no model "${model}".`
      : `The model ${model} was retired on ${retired}.`;
  if (successor === undefined || successor === model) {
    return [message, `Choose a model that ${host} serves with --model, NEX_MODEL or \`nex config set model\`.`];
  }
  return [message, `Use ${successor}: \`nex config set --global model ${successor}\`, or --model ${successor} once.`];
}

/** A host as a sentence begins with it. */
export function nameOf(host: string): string {
  return host === 'api.anthropic.com' ? 'The API' : `The server at ${host}`;
}

/** Type, code and text of an error body, in the shapes that servers of this API are known to send. */
function partsOf(body: unknown): { apiType?: string | undefined; errorCode?: string | undefined; text: string } {
  if (typeof body === 'string') return { text: body };
  const outer = fields(body);
  const inner = typeof outer['error'] === 'object' ? fields(outer['error']) : outer;
  const errorCode = fields(inner['details'])['error_code'];
  const apiType = inner['type'];
  return {
    apiType: typeof apiType === 'string' && apiType !== 'error' ? apiType : undefined,
    errorCode: typeof errorCode === 'string' ? errorCode : undefined,
    text:
      [inner['message'], outer['error'], detailOf(outer['detail'])].find((value) => typeof value === 'string') ?? '',
  };
}

/** FastAPI servers list what is wrong: `[{ loc: ['body', 'thinking'], msg: 'Extra inputs …' }]`. */
function detailOf(detail: unknown): unknown {
  if (!Array.isArray(detail)) return detail;
  return detail
    .map((entry) => fields(entry))
    .map(({ loc, msg }) => `${Array.isArray(loc) ? loc.join('.') : ''}: ${typeof msg === 'string' ? msg : ''}`)
    .join('; ');
}

function fields(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? { ...value } : {};
}

function cleaned(text: string, secret: string): string {
  const line = text.replace(/[\p{Cc}\p{Cf}\s]+/gu, ' ').trim();
  return (secret === '' ? line : line.replaceAll(secret, '…')).replace(/\bsk-[\w-]{8,}/g, '…');
}

/** A server's words as the end of a sentence: nothing of markup or raw JSON, and not too much. */
function quotable(said: string): string {
  if (said === '' || /^[<{[]/.test(said)) return '.';
  return `: ${said.length <= 300 ? said : `${said.slice(0, 299)}…`}`;
}

/** `retry-after-ms`, or `retry-after` in seconds or as a date; undefined when there is none to go by. */
function retryAfter(headers: { get(name: string): string | null }, now: Date): number | undefined {
  const exact = Number(headers.get('retry-after-ms') ?? Number.NaN);
  if (Number.isFinite(exact)) return Math.max(0, exact);
  const value = headers.get('retry-after');
  if (value === null || value.trim() === '') return undefined;
  const seconds = Number(value);
  const ms = Number.isFinite(seconds) ? seconds * 1000 : Date.parse(value) - now.getTime();
  return Number.isFinite(ms) ? Math.max(0, ms) : undefined;
}
