import { codeOf } from '../errors.ts';
import { type CallPlace, ModelError, nameOf, rejected } from './model-error.ts';

const UNREACHABLE: ReadonlyArray<readonly [codes: RegExp, what: (host: string) => string, hint: string]> = [
  [
    /^ECONNREFUSED$/,
    (host) => `Nothing answers at ${host}: the connection was refused.`,
    'Check that the server runs and that its address is right.',
  ],
  [
    /^(ENOTFOUND|EAI_AGAIN|EAI_FAIL)$/,
    (host) => `The name ${host} could not be looked up.`,
    'Check the network connection and the address.',
  ],
  [
    /^(E(NET|HOST)(UNREACH|DOWN)|EADDRNOTAVAIL)$/,
    (host) => `There is no way to ${host} from here.`,
    'Check the network connection.',
  ],
  [
    /TIMEOUT|ETIMEDOUT/,
    (host) => `${host} could not be reached in time.`,
    'Check the network connection, a firewall or a proxy (HTTPS_PROXY).',
  ],
];

const TLS = /CERT|^ERR_TLS|^ERR_SSL|UNABLE_TO_|SELF_SIGNED|^EPROTO$/;

/** No answer at all: the cause named as far as the system tells. */
export function unreachable(cause: unknown, place: CallPlace): ModelError {
  const chain = causesOf(cause);
  const codes = chain.flatMap((error) => codeOf(error) ?? []);
  const texts = chain.map((error) => (error instanceof Error ? error.message : ''));
  if (texts.some((text) => /proxy/i.test(text) && /\b407\b/.test(text))) {
    return rejected({ status: 407, body: undefined, headers: undefined }, place, cause);
  }
  const code = codes.find((name) => TLS.test(name));
  if (code !== undefined) {
    return new ModelError(
      'later',
      `No safe connection to ${place.host}: its certificate was not accepted (${code}).`,
      { retryable: false },
      {
        hint: 'Behind a company proxy, set NODE_EXTRA_CA_CERTS to its certificate; otherwise check the address.',
        cause,
      },
    );
  }
  for (const [pattern, what, hint] of UNREACHABLE) {
    if (codes.some((name) => pattern.test(name)))
      return new ModelError('later', what(place.host), { retryable: true }, { hint, cause });
  }
  const detail = codes[0] === undefined ? '' : ` (${codes[0]})`;
  return new ModelError(
    'later',
    `The connection to ${place.host} failed${detail}.`,
    { retryable: true },
    { hint: 'Check the network connection.', cause },
  );
}

/** The answer broke off before it was whole. */
export function cutOff(place: CallPlace, cause?: unknown): ModelError {
  return new ModelError(
    'later',
    `The answer of ${place.host} broke off in the middle.`,
    { retryable: true },
    { cause },
  );
}

/** A whole answer that says why it ended in a word that nex does not know, or not at all; the latter may pass. */
export function oddEnd(place: CallPlace, reason: string | undefined, requestId: string | undefined): ModelError {
  const fault = { retryable: reason === undefined, requestId };
  const trace = requestId === undefined ? '' : ` (request ${requestId})`;
  if (reason === undefined)
    return new ModelError('later', `The answer of ${place.host} ended without a reason${trace}.`, fault);
  return new ModelError(
    'failed',
    `The answer of ${place.host} ended for the unknown reason "${reason}"${trace}.`,
    fault,
    {
      hint: 'A newer nex may know it: `nex update --check`. Nothing of the answer was acted on.',
    },
  );
}

/** Not a byte came for too long. */
export function silent(place: CallPlace, idleMs: number): ModelError {
  return new ModelError(
    'later',
    `${nameOf(place.host)} sent nothing for ${Math.round(idleMs / 1000)} s.`,
    { retryable: true },
    {
      hint: 'For a slow server of your own, set NEX_STREAM_IDLE_TIMEOUT (seconds) higher.',
    },
  );
}

/** A 200 that is no event stream: some other server, or a page of a proxy. */
export function notAStream(place: CallPlace, contentType: string): ModelError {
  return new ModelError(
    'failed',
    `${place.host} does not speak the Messages API: it answered with ${contentType}.`,
    { retryable: false },
    {
      hint: 'Check ANTHROPIC_BASE_URL or `base_url`, and whether a proxy asks for a sign-in.',
    },
  );
}

function causesOf(error: unknown): unknown[] {
  const chain: unknown[] = [];
  for (
    let at = error;
    at !== undefined && at !== null && chain.length < 6;
    at = at instanceof Error ? at.cause : undefined
  )
    chain.push(at);
  return chain;
}
