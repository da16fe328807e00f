// Put by the build in the place of the globals of these names, whose first use loads the whole of Node's fetch.
export { PlainHeaders as Headers } from '../src/platform/plain-headers.ts';

/** Asked for by the SDK, which could send forms; nex never makes one. */
export class FormData {}
