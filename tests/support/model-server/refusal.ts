import type { JsonObject } from '../../../src/model/message.ts';

const TYPES: Readonly<Record<number, string>> = {
  400: 'invalid_request_error',
  401: 'authentication_error',
  402: 'billing_error',
  403: 'permission_error',
  404: 'not_found_error',
  408: 'timeout_error',
  409: 'conflict_error',
  413: 'request_too_large',
  429: 'rate_limit_error',
  504: 'timeout_error',
  529: 'overloaded_error',
};

/** The error type that goes with a status. */
export function errorTypeOf(status: number): string {
  return TYPES[status] ?? 'api_error';
}

/**
 * A request the server will not answer. `item` is the number of the conformance rule that it broke; undefined
 * when nothing is wrong with the request (a key that is not on the list, a feature this host lacks).
 */
export class Refusal extends Error {
  readonly item: number | undefined;
  readonly status: number;
  readonly type: string;

  constructor(item: number | undefined, message: string, status = 400) {
    super(message);
    this.name = 'Refusal';
    this.item = item;
    this.status = status;
    this.type = errorTypeOf(status);
  }
}

export function refuse(item: number | undefined, message: string, status = 400): never {
  throw new Refusal(item, message, status);
}

/** An error as the API words it. `details` carries an error code, as spend limits do. */
export function errorBody(type: string, message: string, requestId: string, details?: JsonObject): JsonObject {
  return {
    type: 'error',
    error: { type, message, ...(details === undefined ? {} : { details }) },
    request_id: requestId,
  };
}
