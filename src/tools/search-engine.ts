import type { Place } from '../platform/workspace.ts';

export interface SearchQuery {
  /** A regular expression, matched line by line. */
  pattern: string;
  /** The file or folder to search. */
  place: Place;
  /** True when ignored files are searched too, because the place itself is ignored. */
  ignoredToo: boolean;
  /** A glob that every file must match; engines may use it to look into fewer files, the caller checks it. */
  glob: string | undefined;
  signal: AbortSignal;
}

/** A line that matches. `column` counts bytes from 1, as ripgrep and git do. */
export interface Hit {
  path: string;
  line: number;
  column: number;
}

export interface Findings {
  /** Lines that match, by file. */
  counts: Map<string, number>;
  /** The matching lines of these files, in order; at most `MAX_HITS_PER_FILE` of each. */
  hits(paths: readonly string[]): Promise<Hit[]>;
  /** False when the time was up before everything was looked at. */
  complete: boolean;
}

/** Looks for a pattern in files. Undefined when this engine cannot serve here; throws BadPattern for what is no pattern. */
export type SearchEngine = (query: SearchQuery) => Promise<Findings | undefined>;

/** The pattern cannot be read as a regular expression; the message says why. */
export class BadPattern extends Error {}

export const MAX_HITS_PER_FILE = 51;
export const SEARCH_SECONDS = 20;
